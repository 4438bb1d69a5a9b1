namespace RnnLm;

/// <summary>A line for the log. It never holds training text or prompts.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">The line.</param>
public readonly record struct LogMessage(LogSeverity Severity, string Text);
