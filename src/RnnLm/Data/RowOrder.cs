namespace RnnLm.Data;

/// <summary>Which rows stand together in the minibatch of a step.</summary>
internal abstract class RowOrder
{
    /// <summary>Gets the number of minibatches in an epoch; at least 1.</summary>
    public abstract long BatchesPerEpoch { get; }

    /// <summary>Gets the number of positions of the largest minibatch, or a little more.</summary>
    public abstract long MostPositions { get; }

    /// <summary>Gets by what probability rows are drawn, where each joins a minibatch by itself; else null.</summary>
    public virtual PoissonSampling? Sampling => null;

    /// <summary>Returns the rows of a minibatch, longest first.</summary>
    public abstract int[] Batch(long step);

    /// <summary>Returns the number of positions of the longest rows, so many together.</summary>
    protected static long PositionsOfLongest(IEnumerable<int> rows, Func<int, int> length, int count)
    {
        var byLength = new SortedDictionary<int, long>();
        foreach (int row in rows)
            byLength[length(row)] = byLength.GetValueOrDefault(length(row)) + 1;
        long positions = 0, left = count;
        foreach ((int longest, long number) in byLength.Reverse())
        {
            positions += longest * Math.Min(number, left);
            left -= Math.Min(number, left);
        }

        return positions;
    }

    /// <summary>Sorts rows by their length, and those of one length by their number.</summary>
    protected static void SortByLength(Span<int> rows, Func<int, int> length, bool descending) =>
        rows.Sort((a, b) => length(a) != length(b) ? length(descending ? b : a).CompareTo(length(descending ? a : b)) : a.CompareTo(b));
}
