namespace RnnLm.Cli.Rows;

/// <summary>A row as it was read, before it is understood.</summary>
/// <param name="Number">Its number in the whole input, from 0.</param>
/// <param name="Layout">What it is read by.</param>
/// <param name="Line">The line of the file that it begins in, from 1.</param>
/// <param name="Text">The line; null of a table.</param>
/// <param name="Fields">The fields; null of text and JSON.</param>
/// <param name="Fault">What is wrong with it; null where nothing is known to be.</param>
internal sealed record RawRow(long Number, RowLayout Layout, long Line, string? Text, string[]? Fields, string? Fault)
{
    /// <summary>Gets the number of characters.</summary>
    public int Length => Text?.Length ?? Fields?.Sum(value => value.Length) ?? 0;

    /// <summary>Gets what was read, for a message.</summary>
    public string Content => Text ?? string.Join('\t', Fields ?? []);
}
