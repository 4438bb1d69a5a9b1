using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>A line for the log. It never holds training text or prompts.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">The line.</param>
public readonly record struct LogMessage(LogSeverity Severity, string Text)
{
    private readonly OptionMessage? _message;

    /// <summary>Makes a line that names options.</summary>
    internal LogMessage(LogSeverity severity, OptionMessage message)
        : this(severity, message.ToSentence()) => _message = message;

    /// <summary>Returns whether two messages matter as much and say the same.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(LogMessage other) => Severity == other.Severity && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Severity, Text);

    /// <summary>Returns the line in the words of a user.</summary>
    internal string Describe(OptionWords words) => _message?.Write(words) ?? Text;
}
