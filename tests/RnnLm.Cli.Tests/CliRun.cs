using RnnLm.Cli.Terminal;
using Spectre.Console;
using Spectre.Console.Testing;

namespace RnnLm.Cli.Tests;

/// <summary>A run of the command line within this process.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Error">The standard error.</param>
internal sealed record CliRun(int Code, string Output, string Error)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static CliRun Of(params string[] arguments) => With("", default, arguments);

    public static CliRun With(string input, CancellationToken stop, params string[] arguments) =>
        With(input, new StringWriter(), stop, arguments);

    public static CliRun With(string input, StringWriter output, CancellationToken stop, params string[] arguments)
    {
        using var status = new TestConsole();
        status.Profile.Width = 200;
        // As where the standard error goes into a file: nothing is drawn in place, which on a busy machine would come before a message.
        status.Profile.Capabilities.Ansi = false;
        int code = new CommandLine(new CommandContext(new StringReader(input), output, status, false, false, stop)).Run(arguments);
        return new(code, output.ToString().ReplaceLineEndings("\n"), status.Output.ReplaceLineEndings("\n"));
    }

    /// <summary>Runs what must succeed.</summary>
    public static CliRun Ok(params string[] arguments)
    {
        CliRun run = Of(arguments);
        Assert.True(run.Code == 0, $"exit code {run.Code}: {run.Error}");
        return run;
    }
}
