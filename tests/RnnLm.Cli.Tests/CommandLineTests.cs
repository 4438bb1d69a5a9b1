using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public CommandLineTests() => File.WriteAllText(_folder["text.txt"], "some text");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("there is no command 'tran'. Did you mean 'train'?", "tran")]
    [InlineData("there is no option '--temprature'. Did you mean '--temperature'?", "sample", "m.zip", "--temprature", "1")]
    [InlineData("there is no option '--hidden'. Did you mean '--hidden-size'?", "train", "TEXT", "--hidden", "1")]
    [InlineData("MODEL is missing", "sample")]
    [InlineData("INPUT is missing", "train")]
    [InlineData("--output is missing: file to write, of the results of all parts; - for the standard output. See 'rnnlm merge --help'.",
        "merge", "parts")]
    [InlineData("--output needs a value. See 'rnnlm merge --help'.", "merge", "parts", "-o")]
    [InlineData("--output is missing: file to write, the training file with canaries among its rows.", "plant", "TEXT",
        "--canary-format", "x[0-9]")]
    [InlineData("--canary-format is missing: form of the canaries", "plant", "TEXT", "-o", "planted.txt")]
    [InlineData("--seed: 'x' is not a whole number.", "train", "TEXT", "--seed", "x")]
    [InlineData("--cell: 'x' is not one of rnn, lstm, gru.", "train", "TEXT", "--cell", "x")]
    [InlineData("2 options are wrong: --hidden-size must be from 1 to 16384, but is 0; --learning-rate must be a finite number above 0, "
        + "but is NaN.", "train", "TEXT", "--hidden-size", "0", "--learning-rate", "NaN")]
    [InlineData("--resume needs --checkpoint", "train", "TEXT", "--resume")]
    [InlineData("'nothing.txt' does not exist", "train", "nothing.txt")]
    [InlineData("'nothing.zip' does not exist", "inspect", "nothing.zip")]
    [InlineData("'nothing.zip' does not exist", "sample", "nothing.zip")]
    [InlineData("--encoding: 'klingon' is not known", "train", "TEXT", "--encoding", "klingon")]
    [InlineData("--conditions needs --mode rows or pairs", "train", "TEXT", "--conditions")]
    [InlineData("--configs: 'gpt' is not known. Choose from min-char-rnn,", "bench", "--configs", "gpt")]
    [InlineData("--seconds must be above 0", "bench", "--seconds", "0")]
    public void AWrongCallIsOneClearLineAndExitCode2(string fault, params string[] arguments)
    {
        CliRun run = CliRun.Of([.. arguments.Select(a => a == "TEXT" ? _folder["text.txt"] : a)]);

        Assert.Equal(2, run.Code);
        Assert.Empty(run.Output);
        Assert.StartsWith("rnnlm: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
    }

    [Fact]
    public void AFaultIsOneClearLineAndExitCode1()
    {
        CliRun run = CliRun.Of("inspect", _folder["text.txt"]);

        Assert.Equal(1, run.Code);
        Assert.Equal($"rnnlm: model file '{_folder["text.txt"]}' can't be read: it is not a model file (not a zip archive).\n", run.Error);
    }

    [Fact]
    public void WhereItWentWrongIsShownWhenAsked()
    {
        CliRun run = CliRun.Of("inspect", _folder["text.txt"], "--verbose");

        Assert.Equal(1, run.Code);
        Assert.Contains("   at RnnLm.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheVersionIsShown() => Assert.Matches(@"^\d+\.\d+\.\d+", CliRun.Ok("--version").Output);
}
