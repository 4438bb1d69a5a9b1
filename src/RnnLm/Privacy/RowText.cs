using RnnLm.Text;

namespace RnnLm.Privacy;

/// <summary>What of a row is compared.</summary>
internal static class RowText
{
    /// <summary>Returns the text, with line ends as line feeds; of a pair, input, tab and target. Empty for a row that has no
    /// text.</summary>
    public static string Of(TextRow row)
    {
        string text = Read(row.Text.Span);
        return row.IsPair && (row.Text.Length > 0 || row.Target.Length > 0) ? $"{text}\t{Read(row.Target.Span)}" : text;
    }

    private static string Read(ReadOnlySpan<char> text) => new LineEnds(areKept: false).Read(text).ToString();
}
