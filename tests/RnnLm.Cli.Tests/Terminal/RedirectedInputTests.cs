using System.Diagnostics;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Terminal;

/// <summary>The file that the shell puts in place of the standard input is what the user owns, and is never written over.</summary>
public sealed class RedirectedInputTests(ReportModels models) : IClassFixture<ReportModels>, IDisposable
{
    private const string Rows = "{\"text\":\"the\"}\n{\"text\":\"cat\"}\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("score SONG - --jsonl -o in.jsonl -f")]
    [InlineData("score SONG --jsonl -o o.jsonl -f --on-error skip --errors in.jsonl")]
    [InlineData("sample SONG - --jsonl -o ./in.jsonl -f")]
    [InlineData("train - -o in.jsonl -f --steps 1")]
    [InlineData("check SONG --held-out - rows.csv -o in.jsonl -f")]
    public void ItIsNotWrittenOver(string command)
    {
        Skip.If(OperatingSystem.IsWindows(), "The shell is that of Unix.");
        File.WriteAllText(_folder["in.jsonl"], Rows);
        File.WriteAllText(_folder["rows.csv"], "text\nthe\n");
        var start = new ProcessStartInfo("sh", ["-c", "cd \"$FOLDER\"; dotnet \"$@\" <in.jsonl 2>&1 || echo \"exit $?\"", "sh",
            typeof(CommandLine).Assembly.Location, .. command.Split(' ').Select(word => word == "SONG" ? models.Song : word)])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["FOLDER"] = _folder.Path;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.Contains("in.jsonl' is the file that the standard input is read from, and is never written over.", output,
            StringComparison.Ordinal);
        Assert.EndsWith("exit 2\n", output, StringComparison.Ordinal);
        Assert.Equal(Rows, File.ReadAllText(_folder["in.jsonl"]));
    }
}
