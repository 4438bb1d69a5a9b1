using RnnLm.Diagnostics;

namespace RnnLm.MLNet.DataViews;

/// <summary>Good rows, and rows that are known to be bad.</summary>
internal sealed class MarkedRows
{
    public List<TextRow> Good { get; } = [];

    public List<TextRow> Bad { get; } = [];

    /// <exception cref="TextDataException">All rows are bad.</exception>
    public static MarkedRows Of(IEnumerable<(TextRow Row, bool IsBad)> rows)
    {
        var marked = new MarkedRows();
        foreach ((TextRow row, bool isBad) in rows)
            marked.Add(row, isBad);
        if (marked.Good.Count == 0 && marked.Bad.Count > 0)
        {
            throw new TextDataException($"there is no good row to calibrate with: {Counted.Of(marked.Bad.Count, "held-out row is",
                "held-out rows are")} labelled bad. Give good rows, with the label false or 0");
        }

        return marked;
    }

    /// <summary>Adds a row, unless it is empty.</summary>
    public void Add(TextRow row, bool isBad)
    {
        if (!row.Text.IsEmpty || !row.Target.IsEmpty)
            (isBad ? Bad : Good).Add(row);
    }
}
