namespace RnnLm.Cli;

/// <summary>The command was called wrongly. The message is shown and the exit code is 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
