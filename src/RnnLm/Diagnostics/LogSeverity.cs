namespace RnnLm;

/// <summary>How much a message matters.</summary>
public enum LogSeverity
{
    /// <summary>What is being done.</summary>
    Info,

    /// <summary>Something that may not be as the user wants it.</summary>
    Warning,
}
