using Spectre.Console;

namespace RnnLm.Cli;

/// <summary>What a command reads from and writes to.</summary>
/// <param name="Input">The standard input.</param>
/// <param name="Output">The standard output: results.</param>
/// <param name="Status">The standard error: progress and what is to be known besides.</param>
/// <param name="IsInputTerminal">Whether someone can be asked.</param>
/// <param name="IsOutputTerminal">Whether results go to a terminal rather than to a file or another program.</param>
/// <param name="Stop">Set when the user asks to stop.</param>
internal sealed record CommandContext(TextReader Input, TextWriter Output, IAnsiConsole Status, bool IsInputTerminal, bool IsOutputTerminal, CancellationToken Stop)
{
    /// <summary>Gets what deals with Ctrl+C before <see cref="Stop"/> is set.</summary>
    public Interrupts Interrupts { get; init; } = new();

    /// <summary>Writes a line about what goes on, which is no result.</summary>
    public void Say(string line) => Status.WriteLine(line);

    /// <summary>Writes a line about what may not be as the user thinks.</summary>
    public void Warn(string text) => Say($"warning: {text}");
}
