namespace RnnLm.Cli.Terminal;

/// <summary>The standard output can't be written.</summary>
internal sealed class ResultException(string message, IOException cause) : IOException(message, cause);
