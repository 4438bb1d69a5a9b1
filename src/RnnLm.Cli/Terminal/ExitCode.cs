namespace RnnLm.Cli.Terminal;

/// <summary>What the command tells the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Fault = 1;
    public const int Usage = 2;

    /// <summary>As shells do: 128 and the number of the interrupt signal.</summary>
    public const int Interrupted = 130;
}
