using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>What rows were asked for on the command line.</summary>
/// <param name="Texts">The texts.</param>
/// <param name="Inputs">The files, folders, and "-" for the standard input.</param>
internal sealed record AskedRows(IReadOnlyList<string> Texts, IReadOnlyList<string> Inputs)
{
    /// <summary>Gets whether any were named.</summary>
    public bool Any => Texts.Count + Inputs.Count > 0;

    /// <summary>Gets what is read: where nothing was named, the standard input.</summary>
    public IReadOnlyList<string> Sources => Texts.Count > 0 ? [] : Inputs.Count == 0 ? [TextFile.StandardInput] : Inputs;

    /// <summary>Tells whether someone types the rows, and waits for each answer.</summary>
    public bool AreTyped(CommandContext context) =>
        Texts.Count > 0 || (context.IsInputTerminal && Sources.Contains(TextFile.StandardInput, StringComparer.Ordinal));
}
