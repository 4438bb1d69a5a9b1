namespace RnnLm.Cli.Terminal;

/// <summary>The standard output can't be written.</summary>
/// <param name="message">Why.</param>
/// <param name="cause">The fault of the system, or null.</param>
internal sealed class ResultException(string message, IOException? cause = null) : IOException(message, cause)
{
    /// <summary>Gets whether the program that read the results has ended, as <c>head</c> does: nobody misses the rest.</summary>
    public bool IsReaderGone { get; init; }
}
