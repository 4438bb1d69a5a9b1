namespace RnnLm.Cli.Terminal;

/// <summary>What Ctrl+C does. It asks the program to stop, unless a command that talks with the user deals with it for a time.</summary>
internal sealed class Interrupts
{
    /// <summary>Gets or sets what deals with an interrupt, and returns whether it did: if not, the process ends. Called on a thread of its
    /// own.</summary>
    public Func<bool>? Handler { get; set; }
}
