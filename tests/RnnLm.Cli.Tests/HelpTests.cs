using System.CommandLine;
using RnnLm.Cli.Commands;

namespace RnnLm.Cli.Tests;

public sealed class HelpTests
{
    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void ItFitsTheWidthThereIs(int width)
    {
        foreach (CliCommand command in (CliCommand[])[new NewCommand(), new TrainCommand(), new SampleCommand(), new SuggestCommand(),
            new GenerateCommand(), new ScoreCommand(), new EmbedCommand(), new ClassifyCommand(), new CheckCommand(), new MergeCommand(),
            new PlantCommand(), new PrivacyCommand(), new EvaluateCommand(), new InspectCommand(),
            new ConvertCommand(), new CodegenCommand(), new ReportCommand(),
            new ReproduceCommand(), new BenchCommand(), new CompletionCommand()])
        {
            var output = new StringWriter();
            new Help(output, width).Write(command);

            // A word that is longer than the line can't be broken.
            foreach (string line in output.ToString().ReplaceLineEndings("\n").Split('\n')
                .Where(l => l.Trim().Contains(' ', StringComparison.Ordinal)))
                Assert.True(line.Length <= width || line.Trim().Split(' ').Max(w => w.Length) > width / 2, line);
        }
    }

    [Fact]
    public void ItShowsGroupsDefaultsAndExamples()
    {
        string help = CliRun.Ok("train", "--help").Output;

        Assert.Contains("Examples:\n  rnnlm train shakespeare.txt --minutes 3\n", help, StringComparison.Ordinal);
        Assert.Contains("\nModel:\n  --cell rnn|lstm|gru ", help, StringComparison.Ordinal);
        Assert.Contains("hidden units of each layer [256]", help, StringComparison.Ordinal);
        Assert.Contains("--engine auto|managed|torchsharp", help, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryCommandHasExamplesThatCallIt()
    {
        string[] commands = CommandNames.All;

        Assert.Contains("report", commands);
        Assert.All(commands, command => Assert.Matches($@"Examples:\n  .*rnnlm {command} ", CliRun.Ok(command, "--help").Output));
    }

    [Fact]
    public void NoCommandHasTwoOptionsOfOneName()
    {
        foreach (string command in CommandNames.All)
        {
            string[] names = [.. CliRun.Ok(command, "--help").Output.Split("\nOptions:\n")[1].Split('\n')
                .Where(line => line.StartsWith("  -", StringComparison.Ordinal))
                .Select(line => line.Split(' ', ',').First(word => word.StartsWith("--", StringComparison.Ordinal)))];

            Assert.NotEmpty(names);
            Assert.Equal(names.Distinct(), names);
        }
    }

    [Fact]
    public void WithoutACommandTheCommandsAreShown()
    {
        CliRun run = CliRun.Ok();

        foreach (string command in (string[])["new", "train", "codegen", "sample", "evaluate", "inspect", "bench"])
            Assert.Contains($"\n  {command} ", run.Output, StringComparison.Ordinal);
    }
}
