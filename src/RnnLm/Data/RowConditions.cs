namespace RnnLm.Data;

/// <summary>The conditions of rows, or their labels, as ids in the order of their coming.</summary>
/// <param name="known">Those that are known already; else null.</param>
/// <param name="areLabels">Whether each row has a place for one, be it missing.</param>
/// <param name="grows">Whether others are added to those that are known already.</param>
internal sealed class RowConditions(IReadOnlyList<string>? known, bool areLabels, bool grows = false)
{
    private readonly Dictionary<string, int> _idsByName =
        (known ?? []).Select((name, id) => (name, id)).ToDictionary(c => c.name, c => c.id, StringComparer.Ordinal);

    private readonly List<int> _ids = [];

    /// <summary>Gets the id of each row; -1 for one that is missing or not known. Empty where rows have none.</summary>
    public IReadOnlyList<int> Ids => _ids;

    public IReadOnlyList<string> Names => [.. _idsByName.OrderBy(c => c.Value).Select(c => c.Key)];

    /// <summary>Gets the number of rows whose condition is missing or not known.</summary>
    public long Missing { get; private set; }

    /// <summary>Returns whether a condition has an id, or would get one.</summary>
    public bool Takes(string condition) => known is null || grows || _idsByName.ContainsKey(condition);

    /// <summary>Adds the condition of a row.</summary>
    /// <param name="condition">The condition, or null for none.</param>
    /// <param name="rows">The number of rows before.</param>
    /// <returns>Whether that is possible: not where the row has one and rows before have none.</returns>
    public bool TryAdd(string? condition, int rows)
    {
        if (condition is null && _idsByName.Count == 0 && !areLabels)
            return true;
        if (_ids.Count < rows)
            return false;
        _ids.Add(Find(condition));
        return true;
    }

    private int Find(string? condition)
    {
        if (condition is not null && _idsByName.TryGetValue(condition, out int id))
            return id;
        if (condition is not null && Takes(condition))
        {
            _idsByName.Add(condition, _idsByName.Count);
            return _idsByName.Count - 1;
        }

        Missing++;
        return -1;
    }
}
