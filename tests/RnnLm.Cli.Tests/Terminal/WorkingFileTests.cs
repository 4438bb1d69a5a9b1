using RnnLm.Cli.Terminal;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

/// <summary>What a command writes beside its files touches nothing that is the user's.</summary>
public sealed class WorkingFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public WorkingFileTests() => File.WriteAllLines(_folder["rows.txt"], Enumerable.Range(0, 40).Select(i => $"row {i} of many"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NothingIsWrittenThroughALink(bool hard)
    {
        File.WriteAllText(_folder["letter.txt"], "a letter");
        string beside = _folder["q.zip.rnnlm.tmp"];
        if (hard)
            Links.CreateHard(beside, _folder["letter.txt"]);
        else
            File.CreateSymbolicLink(beside, _folder["letter.txt"]);

        CliRun.Ok(Train(_folder["q.zip"]));

        Assert.Equal("a letter", File.ReadAllText(_folder["letter.txt"]));
        Assert.Null(new FileInfo(_folder["q.zip"]).LinkTarget);
        CliRun.Ok("inspect", _folder["q.zip"]);
    }

    [Theory]
    [InlineData(".rnnlm.tmp")]
    [InlineData(".rnnlm.tmp.lock")]
    [InlineData(".rnnlm.lock")]
    public void AnInputThatHasTheNameOfAWorkingFileIsRefused(string ending)
    {
        File.Move(_folder["rows.txt"], _folder["q.zip" + ending]);
        string[] before = File.ReadAllLines(_folder["q.zip" + ending]);

        CliRun run = CliRun.Of(["train", _folder["q.zip" + ending], "--mode", "rows", "--steps", "2", "--hidden-size", "8", "-o",
            _folder["q.zip"]]);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("working file", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllLines(_folder["q.zip" + ending]));
    }

    [Theory]
    [InlineData("--prompts")]
    [InlineData("--not-in")]
    public void AnInputThatHasTheNameOfTheRowsOnTheirWayIsRefused(string option)
    {
        CliRun.Ok(Train(_folder["q.zip"]));
        string part = _folder["new.txt.rnnlm.part"];
        File.WriteAllText(part, "row 1\nrow 2\n");

        foreach (string more in (string[])["--force", "--resume"])
        {
            CliRun run = CliRun.Of("generate", _folder["q.zip"], "-n", "2", option, part, "-o", _folder["new.txt"], more);
            Assert.Equal(ExitCode.Usage, run.Code);
            Assert.Contains("has the name of a working file", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal("row 1\nrow 2\n", File.ReadAllText(part));
    }

    [Theory]
    [InlineData("a letter without a line end", false)]
    [InlineData("a letter without a line end", true)]
    [InlineData("", true)]
    [InlineData("a letter\nof two lines\n", true)]
    public void NoRowsAreWrittenOverAFileThroughALink(string letter, bool force)
    {
        CliRun.Ok(Train(_folder["q.zip"]));
        File.WriteAllText(_folder["letter.txt"], letter);
        File.CreateSymbolicLink(_folder["new.txt.rnnlm.part"], _folder["letter.txt"]);

        CliRun run = CliRun.Of("generate", _folder["q.zip"], "-n", "2", "--length", "5", "--stop", "\\n", "-o", _folder["new.txt"],
            force ? "--force" : "--resume");

        Assert.Equal(force ? 0 : ExitCode.Fault, run.Code);
        Assert.Equal(letter, File.ReadAllText(_folder["letter.txt"]));
    }

    [Fact]
    public void WhatAKilledRunLeftIsReplaced()
    {
        File.WriteAllText(_folder["q.zip.rnnlm.tmp"], "half a model");
        CliRun.Ok(Train(_folder["q.zip"]));
        CliRun.Ok("inspect", _folder["q.zip"]);
        Assert.False(File.Exists(_folder["q.zip.rnnlm.tmp"]));
    }

    [Fact]
    public void ABoundOfZeroIsNotTakenForNone()
    {
        CliRun run = CliRun.Of(["train", _folder["rows.txt"], "--mode", "rows", "--epochs", "0", "-o", _folder["q.zip"]]);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("--epochs", run.Error, StringComparison.Ordinal);
        CliRun.Ok("train", _folder["rows.txt"], "--mode", "rows", "--epochs", "0", "--steps", "2", "--hidden-size", "8", "-o",
            _folder["q.zip"]);
    }

    [Fact]
    public void ATrainingWhoseReportsCantBeWrittenSavesItsModel()
    {
        CliRun run = CliRun.With("", new FullDisk(), default, [.. Train(_folder["q.zip"]), "--json"]);
        Assert.Equal(ExitCode.Fault, run.Code);
        CliRun.Ok("inspect", _folder["q.zip"]);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("completion", "bash")]
    [InlineData("sample", "--prompt", "row ")]
    public void ResultsThatCantBeWrittenAreOneFault(string command, params string[] arguments)
    {
        CliRun.Ok(Train(_folder["q.zip"]));
        CliRun run = CliRun.With("", new FullDisk(), default,
            command == "sample" ? [command, _folder["q.zip"], .. arguments] : [command, .. arguments]);
        Assert.Equal(ExitCode.Fault, run.Code);
        Assert.Single(run.Error.Trim().Split('\n'));
        Assert.Contains("no space left", run.Error, StringComparison.Ordinal);
    }

    private string[] Train(string output) =>
        ["train", _folder["rows.txt"], "--mode", "rows", "--steps", "2", "--hidden-size", "8", "-o", output];

    /// <summary>A standard output on a disk that is full.</summary>
    private sealed class FullDisk : StringWriter
    {
        public override void Flush() => throw new IOException("No space left on device");
    }
}
