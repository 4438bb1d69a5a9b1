using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>What stands in a file may come by the standard input, with the same result.</summary>
public sealed class StandardInputTests(ReportModels models) : IClassFixture<ReportModels>, IDisposable
{
    private const string Text = "the dog sat on the mat, and the cat sat on the log.\n";

    private static readonly string[] Small = ["--steps", "2", "--hidden-size", "4", "--threads", "1", "--seed", "1", "--engine", "managed"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PromptsAreItsLines()
    {
        string[] sample = ["sample", models.Song, "--seed", "4", "--length", "9"];

        Assert.Equal(CliRun.Ok([.. sample, "-p", "the", "-p", "a cat"]).Output, CliRun.With("the\na cat", default, sample).Output);
        Assert.Equal(CliRun.Ok([.. sample, "-p", ""]).Output, CliRun.With("", default, sample).Output);
    }

    [Fact]
    public void ItIsEvaluatedReportedOnAndTrainedOnAsAFileIs()
    {
        File.WriteAllText(_folder["t.txt"], Text);
        CliRun piped = CliRun.With(Text, default, "evaluate", models.Song, "-");
        Assert.Equal(Figures(CliRun.Ok("evaluate", models.Song, _folder["t.txt"])), Figures(piped));
        Assert.Equal(Figures(piped), Figures(CliRun.With(Text, default, "evaluate", models.Song)));

        Assert.Equal(0, CliRun.With(Text, default, "report", models.Song, "--text", "-", "-o", _folder["r.html"]).Code);
        Assert.Contains("standard input", File.ReadAllText(_folder["r.html"]), StringComparison.Ordinal);

        string training = string.Concat(Enumerable.Repeat(Text, 10));
        File.WriteAllText(_folder["many.txt"], training);
        CliRun file = CliRun.Ok(["train", _folder["many.txt"], "-o", _folder["a.zip"], .. Small]);
        Assert.Equal(Losses(file), Losses(CliRun.With(training, default, ["train", "-", "-o", _folder["b.zip"], .. Small])));
        string[] validates = ["train", _folder["many.txt"], .. Small, "-o"];
        CliRun validated = CliRun.With(Text, default, [.. validates, _folder["c.zip"], "--validation", "-"]);
        Assert.Equal(Losses(CliRun.Ok([.. validates, _folder["d.zip"], "--validation", _folder["t.txt"]])), Losses(validated));

        static string[] Figures(CliRun run) => run.Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^5..];

        static string Losses(CliRun run) =>
            run.Lines.Single(line => line.Contains("validation loss", StringComparison.Ordinal)).Split(':')[^1];
    }

    /// <summary>A pipe, as a shell makes of &lt;(…), is read as the file is whose contents it has; where that can't be, it is
    /// named.</summary>
    [SkippableFact]
    public void APipeIsReadAsAFileOrNamed()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no named pipes among its files.");
        string text = string.Concat(Enumerable.Repeat(Text, 10)), pipe = _folder["pipe"];
        File.WriteAllText(_folder["t.txt"], text);
        File.WriteAllText(_folder["rows.txt"], "the dog\nthe cat\n");
        using (var made = System.Diagnostics.Process.Start("mkfifo", pipe))
            made.WaitForExit();

        Assert.Equal(CliRun.Ok("evaluate", models.Song, _folder["t.txt"]).Output.Split("t.txt")[^1].Trim(),
            Piped(text, "evaluate", models.Song, pipe).Output.Split("pipe")[^1].Trim());
        Assert.Equal(0, Piped(text, ["train", pipe, "-o", _folder["p.zip"], .. Small]).Code);
        Assert.Equal(0, Piped("the dog\nthe cat\n", "privacy", models.Song, "--train", _folder["t.txt"], "--held-out",
            _folder["rows.txt"], "--generated", pipe).Code);
        foreach (string[] arguments in (string[][])[["evaluate", pipe, _folder["t.txt"]],
            ["generate", models.Song, "--not-in", pipe, "-o", _folder["new.txt"]]])
        {
            CliRun run = CliRun.Of(arguments);
            Assert.Equal(2, run.Code);
            Assert.Contains($"'{pipe}' is a pipe or a device, which can be read only once", run.Error, StringComparison.Ordinal);
        }

        CliRun Piped(string contents, params string[] arguments)
        {
            Task write = Task.Run(() => File.WriteAllText(pipe, contents));
            CliRun run = CliRun.Ok(arguments);
            Assert.True(write.Wait(TimeSpan.FromMinutes(1)));
            return run;
        }
    }

    [Theory]
    [InlineData("name the model by --output.", "train", "-")]
    [InlineData("the standard input can be read only once, but INPUT and --validation both name it.", "train", "-", "--validation", "-",
        "-o",
        "x.zip")]
    [InlineData("the standard input can be read only once, but --text names it twice", "report", "m.zip", "--text", "-", "--text", "-")]
    [InlineData("the standard input can be read only once, but FILE names it twice", "evaluate", "m.zip", "-", "-")]
    [InlineData("the standard input can be read only once, but --generated names it twice", "privacy", "m.zip", "--train", "t.txt",
        "--generated", "-", "--generated", "-")]
    [InlineData("the standard input can be read only once, but --held-out and INPUT both name it.", "check", "m.zip", "--held-out", "-",
        "-")]
    [InlineData("but --held-out and INPUT, which is the standard input where no file is named, both name it.", "check", "m.zip",
        "--held-out", "-")]
    [InlineData("but --held-out and --bad both name it.", "check", "m.zip", "--held-out", "-", "--bad", "-", "--save", "x.zip")]
    [InlineData("--shard needs what each share reads in files, but --held-out names '-'", "check", "m.zip", "song.txt", "--held-out", "-",
        "--shard", "0/2", "-o", "parts")]
    public void WhatItCannotDoIsSaid(string fault, params string[] arguments)
    {
        File.WriteAllText(_folder["song.txt"], Text);
        arguments = [.. arguments.Select(argument => argument == "m.zip" ? models.Song : argument == "song.txt" ? _folder[argument]
            : argument)];

        CliRun run = CliRun.With(Text, default, arguments);

        Assert.Equal(2, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }
}
