namespace RnnLm.Suggestions;

/// <summary>
/// The texts that fell behind while the typed text was followed, the likeliest to catch up first. Since all go on with the same characters,
/// none is taken to gain more than a certain factor on the others.
/// </summary>
internal sealed class TextsBehind
{
    private readonly Readings _readings;
    private readonly double _reached, _catchUp;
    private readonly PriorityQueue<int, double> _lengths = new();   // by the best score, negated

    /// <param name="readings">The texts.</param>
    /// <param name="reached">The logarithm of the weight of the texts that were followed, now.</param>
    /// <param name="catchUp">
    /// How many nats a text may gain on the others; infinite for a search that takes nothing for granted.
    /// </param>
    public TextsBehind(Readings readings, double reached, double catchUp)
    {
        (_readings, _reached, _catchUp) = (readings, reached, catchUp);
        foreach (int length in readings.Lengths.Where(length => readings[length].Left.Length > 0))
            _lengths.Enqueue(length, -(readings[length].LeftScore + Gap(length)));
        Weigh();
    }

    /// <summary>Gets the logarithm of the weight that they may come to.</summary>
    public double Weight { get; private set; }

    /// <summary>Gets the best score that one of them may come to.</summary>
    public double Top => _lengths.TryPeek(out _, out double score) ? -score : double.NegativeInfinity;

    /// <summary>Takes the texts of the length that has the best.</summary>
    public IEnumerable<Following> Take()
    {
        int length = _lengths.Dequeue();
        Weigh();
        return _readings[length].Left.Select(following => following.Copy());
    }

    /// <summary>Returns what is at least taken from the score of a text of some length as it goes on.</summary>
    public double Gap(int length) =>
        length > _readings.Last || double.IsNegativeInfinity(_reached) ? 0
        : Math.Min(0, _reached - _readings[length].Weight + _catchUp);

    private void Weigh() =>
        Weight = LogSum.Of(_lengths.UnorderedItems.Select(item => _readings[item.Element].LeftWeight + Gap(item.Element)));
}
