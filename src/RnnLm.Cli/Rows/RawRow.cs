using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Rows;

/// <summary>A row as it was read, before it is understood.</summary>
/// <param name="Number">Its number in the whole input, from 0.</param>
/// <param name="Layout">What it is read by.</param>
/// <param name="Line">The line of the file that it begins in, from 1.</param>
/// <param name="Text">The line; null of a table.</param>
/// <param name="Fields">The fields; null of text and JSON.</param>
/// <param name="Problem">What is wrong with it; null where nothing is known to be.</param>
internal sealed record RawRow(long Number, RowLayout Layout, long Line, string? Text, string[]? Fields, string? Problem)
{
    /// <summary>Gets whether it is a text of the command line.</summary>
    public bool IsTyped => Layout.File is null;

    /// <summary>Gets the number of characters.</summary>
    public int Length => Text?.Length ?? Fields?.Sum(value => value.Length) ?? 0;

    /// <summary>Gets what was read, for a message.</summary>
    public string Content => Text ?? string.Join('\t', Fields ?? []);

    // A text of the command line has no line, and goes by its number, which outputs and shares go by too.
    private (string Name, long? Line) Place => Layout.File is { } file ? (file, Line)
        : (FormattableString.Invariant($"row {Number} ({CommandContext.Quote(Text!)})"), null);

    /// <summary>Returns the error that says what is wrong with the row, and where it stands.</summary>
    public TextDataException Fault(OptionMessage problem, Exception? cause = null) => new(problem, Place.Name, Place.Line, cause);

    /// <summary>Returns an error that is known to be the row's, with the place where it stands.</summary>
    public TextDataException Fault(TextDataException fault) => fault.In(Place.Name, Place.Line);
}
