using RnnLm.Diagnostics;

namespace RnnLm.Cli.Terminal;

/// <summary>The command was called wrongly. The message is shown and the exit code is 2.</summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="about">The option whose value is wrong, which the message then begins with; or null.</param>
internal sealed class UsageException(OptionMessage message, OptionId? about = null) : Exception(message.ToString()), IDescribed
{
    /// <inheritdoc/>
    public string Describe(OptionWords words) =>
        about is { } option && words.Knows(option) ? $"{words.Subject(option)}: {message.Write(words)}" : message.Write(words);
}
