using RnnLm.Diagnostics;
using Spectre.Console;

namespace RnnLm.Cli.Terminal;

/// <summary>What a command reads from and writes to.</summary>
/// <param name="Input">The standard input.</param>
/// <param name="Output">The standard output: results.</param>
/// <param name="Status">The standard error: progress and what is to be known besides.</param>
/// <param name="IsInputTerminal">Whether someone can be asked.</param>
/// <param name="IsOutputTerminal">Whether results go to a terminal rather than to a file or another program.</param>
/// <param name="Stop">Set when the user asks to stop.</param>
internal sealed record CommandContext(TextReader Input, TextWriter Output, IAnsiConsole Status, bool IsInputTerminal, bool IsOutputTerminal,
    CancellationToken Stop)
{
    /// <summary>Gets what opens the standard input as bytes, for text of any encoding. Whoever reads it does not read
    /// <see cref="Input"/>.</summary>
    public Func<Stream> OpenInput { get; init; } = () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Input.ReadToEnd()));

    /// <summary>Gets what returns a variable of the environment, or null.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Gets what deals with Ctrl+C before <see cref="Stop"/> is set.</summary>
    public Interrupts Interrupts { get; init; } = new();

    /// <summary>Gets or sets the words for options: the command's own flags, or the keys of a configuration that it has read.</summary>
    public OptionWords Words { get; set; } = OptionWords.CSharp;

    /// <summary>Writes a line about something that may not be as the user wants it.</summary>
    public void Warn(OptionMessage message) => Say($"warning: {OneLine(message.Write(Words))}");

    /// <summary>Writes a line about something that may not be as the user wants it.</summary>
    public void Warn(string text) => Warn((OptionMessage)text);

    /// <summary>Says what went wrong in the words of who reads it.</summary>
    /// <param name="fault">What went wrong.</param>
    /// <param name="words">The words for options; <see cref="Words"/> where they are null.</param>
    public string Describe(Exception fault, OptionWords? words = null)
    {
        if (fault is IDescribed described)
            return described.Describe(words ?? Words);
        if (fault is OutOfMemoryException)
            return "there is not enough memory. Take a smaller model or a smaller text, or give the process or its container more.";
        // The name of a method's parameter means nothing here.
        string parameter = fault is ArgumentException { ParamName: { } name } ? $" (Parameter '{name}')" : "";
        string message = fault.Message.EndsWith(parameter, StringComparison.Ordinal) ? fault.Message[..^parameter.Length] : fault.Message;
        // A sentence, after the name of the program.
        return message is [>= 'A' and <= 'Z', (>= 'a' and <= 'z') or ' ', ..] ? char.ToLowerInvariant(message[0]) + message[1..] : message;
    }

    /// <summary>Writes a text in one line, whatever it quotes: line ends and other control characters as escapes.</summary>
    public static string OneLine(string text) => !text.Any(char.IsControl) ? text
        : string.Concat(text.Select(c =>
        c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ when char.IsControl(c) => $"\\u{(int)c:x4}", _ => $"{c}" }));

    /// <summary>Quotes a text in a message; of a long one the beginning.</summary>
    public static string Quote(string text) => $"'{Cut(text, 60)}'";

    /// <summary>Returns a text; of a long one the beginning, with an ellipsis. No character is divided.</summary>
    public static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "…";

    /// <summary>Writes a line about what goes on, which is no result.</summary>
    public void Say(string line)
    {
        // A terminal has a width, and breaks words; a file has none.
        if (Status.Profile.Out.IsTerminal)
            Status.WriteLine(line);
        else
            Status.Profile.Out.Writer.WriteLine(line);
    }

    /// <summary>Writes a line about results on the standard output, once they are there.</summary>
    /// <exception cref="ResultException">They can't be written.</exception>
    public void Conclude(string line)
    {
        Output.Flush();
        Say(line);
    }
}
