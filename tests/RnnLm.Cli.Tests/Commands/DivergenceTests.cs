using RnnLm.Cli.Terminal;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

public sealed class DivergenceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public DivergenceTests() =>
        File.WriteAllText(_folder["song.txt"],
        string.Concat(Enumerable.Repeat("the cat sat on the mat, and the dog sat on the log.\n", 200)));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ATrainingThatExplodesIsAnErrorAndSavesNothing()
    {
        CliRun run = CliRun.Of(Train("--learning-rate", "50"));

        Assert.Equal(ExitCode.Fault, run.Code);
        Assert.Matches(@"rnnlm: training diverged: the loss stayed far above that of guessing, 2\.\d\d nats at step \d+\. "
            + @"Lower --learning-rate \(it was 50\), or clip the gradients \(--clip-norm\)\.", run.Error);
        Assert.Equal(["song.txt"], _folder.Names);
    }

    [Fact]
    public void AModelThatIsWorseThanGuessingIsSavedWithAWarning()
    {
        CliRun run = CliRun.Ok(Train("--initialization", "normal", "--initialization-standard-deviation", "2", "--cell", "rnn",
            "--learning-rate", "0.0001"));

        Assert.Contains("the model is worse than guessing", run.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["song.txt", "song.zip"], _folder.Names);
    }

    private string[] Train(params string[] more) =>
        ["train", _folder["song.txt"], "-o", _folder["song.zip"], "--hidden-size", "32", "--batch-size", "8", "--seed", "1", "--engine",
        "managed", "--threads", "1", .. more];
}
