namespace RnnLm;

/// <summary>A row that <see cref="RowGenerator"/> wrote.</summary>
/// <param name="Number">The number of the row, from 0.</param>
/// <param name="Values">
/// The fields, in the order of <see cref="RowGenerator.Names"/>. A row that is missing has those only that were written before one could
/// not be.
/// </param>
/// <param name="Rejected">The texts that were written and not kept.</param>
/// <param name="IsMissing">Whether no text could be kept in one of the columns. Then the row does not count.</param>
public sealed record GeneratedRow(long Number, IReadOnlyList<string> Values, RejectedTexts Rejected, bool IsMissing)
{
    /// <summary>Gets the last field: the text, where there is one column.</summary>
    public string Text => IsMissing ? throw new InvalidOperationException($"Row {Number} is missing, and has no text.") : Values[^1];
}
