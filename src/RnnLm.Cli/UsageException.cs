namespace RnnLm.Cli;

/// <summary>The command was called wrongly. The message is shown and the exit code is 2.</summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="isVerbatim">Whether the message has names that the user wrote, so that none is turned into an option's.</param>
internal sealed class UsageException(string message, bool isVerbatim = false) : Exception(message)
{
    public bool IsVerbatim => isVerbatim;
}
