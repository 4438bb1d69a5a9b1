using RnnLm.Cli.Progress;
using RnnLm.Training;
using Spectre.Console;
using Spectre.Console.Testing;
using LiveDisplay = RnnLm.Cli.Progress.LiveDisplay;

namespace RnnLm.Cli.Tests;

public sealed class TrainingDisplayTests
{
    private static readonly TrainingProgress Progress = new()
    {
        Epoch = 3,
        Step = 12_345,
        Fraction = 0.25,
        Loss = 1.5,
        SmoothedLoss = 1.6,
        LearningRate = 0.002,
        GradientNorm = 1,
        CharactersPerSecond = 251_234,
        Elapsed = TimeSpan.FromSeconds(61),
        Remaining = TimeSpan.FromSeconds(3725),
    };

    [Fact]
    public void LinesSayWhereTrainingStands()
    {
        var output = new StringWriter();
        var display = new LineDisplay(output, epochs: 10, TargetWords.Characters);
        display.Report(new LogMessage(LogSeverity.Warning, "beware"));
        display.Report(Progress);
        display.Report(Progress with { Step = 12_346, Elapsed = TimeSpan.FromSeconds(62) });
        display.Report(Progress with { Step = 12_347, ValidationLoss = 1.25, Remaining = null });

        Assert.Equal(
            """
            warning: beware
            epoch 3/10  step 12,345  loss 1.5000  perplexity 4.482  251k chars/s  1:02:05 left
            epoch 3/10  step 12,347  loss 1.5000  validation 1.2500  perplexity 3.49  251k chars/s

            """,
            output.ToString());
    }

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    public void TheLiveDisplayFitsTheTerminal(int width)
    {
        using TestConsole console = new TestConsole().Width(width);

        console.Write(new LiveDisplay(console, epochs: 10, TargetWords.Characters).Draw(Progress));

        Assert.All(console.Lines, line => Assert.True(line.TrimEnd().Length < width, line));
        Assert.StartsWith("━", console.Output, StringComparison.Ordinal);
        Assert.Contains(" 25", console.Output, StringComparison.Ordinal);
        Assert.Contains("1:02:05 left", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLiveDisplayLeavesEvaluationsAndMessagesBehind()
    {
        using TestConsole console = new TestConsole().Width(120).Interactive().EmitAnsiSequences();
        var display = new LiveDisplay(console, epochs: 10, TargetWords.Characters);

        int result = display.Run(() =>
        {
            display.Report(new LogMessage(LogSeverity.Warning, "beware"));
            display.Report(Progress with { ValidationLoss = 1.25, BestValidationLoss = 1.25 });
            return 7;
        });

        Assert.Equal(7, result);
        // Filled up, so that nothing of the bar that stood there is left beside it.
        Assert.Contains("warning: beware".PadRight(119), console.Output, StringComparison.Ordinal);
        Assert.Contains("validation 1.2500  perplexity 3.49  251k chars/s  best", console.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12.3, "12")]
    [InlineData(1234, "1.2k")]
    [InlineData(251_234, "251k")]
    [InlineData(999_499, "999k")]
    [InlineData(1_264_000, "1.3M")]
    [InlineData(12_640_000, "13M")]
    public void RatesAreShort(double rate, string text) => Assert.Equal(text, ProgressText.Rate(rate));
}
