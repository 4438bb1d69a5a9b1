using System.Diagnostics;
using RnnLm.Tests;

namespace RnnLm.MLNet.Tests;

/// <summary>Runs programs as processes of their own: the command line tool, and dotnet.</summary>
internal static class Tool
{
    private const string Project = "RnnLm.Cli";

    /// <summary>Where the build of the same configuration put the tool.</summary>
    private static readonly string Program = Path.Combine(
        TestData.Root, "src", Project, Path.GetRelativePath(TestData.InRepository("tests/RnnLm.MLNet.Tests"), AppContext.BaseDirectory),
        Project + ".dll");

    public static string Rnnlm(string folder, params string[] arguments) => Dotnet(folder, [Program, .. arguments]);

    /// <summary>Runs what must succeed, and returns its standard output.</summary>
    public static string Dotnet(string folder, params string[] arguments)
    {
        using var process = Process.Start(Start(folder, arguments))!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"'dotnet {string.Join(' ', arguments)}' ended with {process.ExitCode}: {error.Result}{output}");
        return output.ReplaceLineEndings("\n");
    }

    public static ProcessStartInfo Start(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // A build server would live on, and hold on to the output.
        (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["UseSharedCompilation"]) = ("1", "false");
        return start;
    }
}
