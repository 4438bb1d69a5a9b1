namespace RnnLm.DataSets;

/// <summary>A row that is being written, column by column.</summary>
/// <param name="number">The number of the row.</param>
internal sealed class RowDraft(long number)
{
    public long Number => number;

    public List<string> Values { get; } = [];

    /// <summary>Gets or sets the hash of the texts so far.</summary>
    public ulong Hash { get; set; }

    public RejectedTexts Rejected { get; set; }

    /// <summary>Gets or sets whether a column could not be written.</summary>
    public bool IsMissing { get; set; }

    public GeneratedRow ToRow() => new(number, Values, Rejected, IsMissing);
}
