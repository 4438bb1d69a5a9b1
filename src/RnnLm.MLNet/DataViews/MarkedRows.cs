namespace RnnLm.MLNet.DataViews;

/// <summary>Good rows, and rows that are known to be bad.</summary>
internal sealed class MarkedRows
{
    public List<TextRow> Good { get; } = [];

    public List<TextRow> Bad { get; } = [];

    public static MarkedRows Of(IEnumerable<(TextRow Row, bool IsBad)> rows)
    {
        var marked = new MarkedRows();
        foreach ((TextRow row, bool isBad) in rows)
            marked.Add(row, isBad);
        return marked;
    }

    /// <summary>Adds a row, unless it is empty.</summary>
    public void Add(TextRow row, bool isBad)
    {
        if (!row.Text.IsEmpty || !row.Target.IsEmpty)
            (isBad ? Bad : Good).Add(row);
    }
}
