namespace RnnLm.Managed.Training;

/// <summary>Some sequences of a batch at some positions: what one thread computes at a time.</summary>
/// <param name="First">The first sequence.</param>
/// <param name="Last">The one past the last.</param>
/// <param name="Start">The first position.</param>
/// <param name="End">The one past the last.</param>
internal readonly record struct RowSpan(int First, int Last, int Start, int End)
{
    /// <summary>
    /// Steps through the stretches of rows that lie side by side: where the span holds all sequences one for all positions, else one a
    /// position.
    /// </summary>
    /// <param name="layout">The batch.</param>
    /// <param name="t">The position to begin with, at first <see cref="Start"/>; moved on.</param>
    /// <param name="row">The first row of the stretch.</param>
    /// <param name="count">The number of its rows.</param>
    /// <returns>Whether there was one.</returns>
    public bool Next(BatchLayout layout, ref int t, out int row, out int count)
    {
        (row, count) = (0, 0);
        if (t >= End)
            return false;
        if (First == 0 && Last == layout.BatchSize)
        {
            row = layout.First(t);
            count = layout.First(End) - row;
            t = End;
            return count > 0;
        }

        count = Math.Min(Last, layout.Active(t)) - First;
        row = layout.First(t) + First;
        t++;
        return count > 0;
    }
}
