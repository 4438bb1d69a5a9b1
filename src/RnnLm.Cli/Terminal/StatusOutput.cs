using System.Text;
using Spectre.Console;

namespace RnnLm.Cli.Terminal;

/// <summary>The standard error as Spectre.Console's output, so that results alone go to the standard output.</summary>
internal sealed class StatusOutput(TextWriter writer) : IAnsiConsoleOutput
{
    private const int WidthOfFiles = 120;

    public TextWriter Writer => writer;

    public bool IsTerminal => !Console.IsErrorRedirected;

    public int Width => IsTerminal && Console.BufferWidth > 0 ? Console.BufferWidth : WidthOfFiles;

    public int Height => IsTerminal && Console.WindowHeight > 0 ? Console.WindowHeight : 24;

    public void SetEncoding(Encoding encoding)
    {
        // It is UTF-8, as the writer was made.
    }
}
