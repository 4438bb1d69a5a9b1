namespace RnnLm.DataSets;

/// <summary>Finds out from the last rows that there is no more to be said.</summary>
/// <param name="columns">The number of columns.</param>
/// <param name="mostRepeats">The share of texts that may be repeats.</param>
internal sealed class RepeatWatch(int columns, double mostRepeats)
{
    private const int Length = 100;

    private readonly Queue<GeneratedRow> _last = new(Length + 1);
    private RejectedTexts _rejected;
    private int _missing;

    /// <summary>Takes note of the next row.</summary>
    public void Add(GeneratedRow row)
    {
        _last.Enqueue(row with { Values = [] });
        _rejected += row.Rejected;
        _missing += row.IsMissing ? 1 : 0;
        if (_last.Count <= Length)
            return;
        GeneratedRow first = _last.Dequeue();
        _rejected = new(
            _rejected.Invalid - first.Rejected.Invalid, _rejected.Known - first.Rejected.Known,
                _rejected.Repeated - first.Rejected.Repeated);
        _missing -= first.IsMissing ? 1 : 0;
    }

    /// <summary>Returns why no more rows should be asked for, or null.</summary>
    public string? FindEnd()
    {
        if (_last.Count < Length)
            return null;
        long texts = _rejected.Total + ((long)columns * (Length - _missing)), repeats = (long)_rejected.Known + _rejected.Repeated;
        (long first, long last) = (_last.Peek().Number, _last.Last().Number);
        string found = FormattableString.Invariant($"of the {texts:N0} texts written for rows {first:N0} to {last:N0}, ")
            + FormattableString.Invariant($"{_rejected.Repeated:N0} were written before, {_rejected.Known:N0} are known from data ")
            + FormattableString.Invariant($"that they must not be taken from, and {_rejected.Invalid:N0} are invalid");
        if (mostRepeats < 1 && repeats >= mostRepeats * texts)
        {
            return $"The model has hardly anything more to say: {found}. "
                + "Ask for fewer rows, or let it write more freely: a higher temperature, a wider pattern.";
        }

        return _missing < Length ? null
            : $"No text can be kept: {found}. Allow more tries, or give a pattern that leads to valid texts.";
    }
}
