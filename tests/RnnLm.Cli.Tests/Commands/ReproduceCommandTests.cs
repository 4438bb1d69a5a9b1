using System.Diagnostics;
using RnnLm.Cli.Terminal;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

public class ReproduceCommandTests
{
    [Fact]
    public void AnExperimentThatIsNoneIsAMistakeThatNamesThoseThereAre()
    {
        CliRun run = CliRun.Of("reproduce", "d2l");

        Assert.Equal(2, run.Code);
        Assert.Contains("shakespeare-3min", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void HelpListsTheExperiments()
    {
        CliRun run = CliRun.Of("reproduce", "--help");

        Assert.All(new[] { "d2l-rnn", "min-char-rnn", "surnames", "arithmetic", "names18", "dga" },
            name => Assert.Contains(name, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void ACorpusThatIsNotThereIsNamedAndWhereItIsLookedFor()
    {
        using var folder = new TempFolder();
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, "reproduce", "surnames"])
        {
            RedirectStandardError = true,
            UseShellExecute = false
        };
        start.Environment["RNNLM_DATA"] = folder.Path;
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.Equal(1, process.ExitCode);
        Assert.Contains($"the corpus '{Path.Combine(folder.Path, "names18", "train.csv")}' is not there. Set RNNLM_DATA to the folder",
            error, StringComparison.Ordinal);
        // The page that it names is there.
        Assert.Contains("docs/training.md", error, StringComparison.Ordinal);
        Assert.True(File.Exists(TestData.InRepository("docs", "training.md")));
    }
}
