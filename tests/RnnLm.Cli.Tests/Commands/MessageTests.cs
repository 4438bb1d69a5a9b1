using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>Messages speak the user's words, and say where the fault is: the file and its line, or the option.</summary>
public sealed class MessageTests(ReportModels models) : IClassFixture<ReportModels>, IDisposable
{
    private static readonly string[] Small = ["--hidden-size", "4", "--threads", "1", "--seed", "1"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("trian", "train")]
    [InlineData("smaple", "sample")]
    [InlineData("evalaute", "evaluate")]
    public void ACommandWithTwoLettersExchangedIsRecognized(string typed, string meant) =>
        Assert.Equal($"rnnlm: there is no command '{typed}'. Did you mean '{meant}'? See 'rnnlm --help'.\n", CliRun.Of(typed).Error);

    [Theory]
    [InlineData("empty.txt", "", "empty.txt: there are no training data")]
    [InlineData("bad.txt", "good\ngood\nb\u00e4d\n", "bad.txt:3: this is not UTF-8")]
    [InlineData("one.txt", "aaaa", "one.txt: the training data have one distinct character")]
    public void AFileOfTrainingIsNamed(string name, string text, string fault)
    {
        File.WriteAllText(_folder[name], text, System.Text.Encoding.Latin1);

        CliRun run = CliRun.Of(["train", _folder[name], .. Small]);

        Assert.Equal(1, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileOfValidationIsNamedWithItsLine()
    {
        File.WriteAllText(_folder["good.txt"], string.Concat(Enumerable.Repeat("1+1\t2\n", 9)));
        File.WriteAllText(_folder["val.txt"], "1+1\t2\n\n1+2=3\n");

        CliRun run = CliRun.Of(["train", _folder["good.txt"], "--validation", _folder["val.txt"], "--mode", "pairs", "-o", _folder["x.zip"],
            .. Small]);

        Assert.Contains("val.txt:3: there should be an input, a tab, a target", run.Error, StringComparison.Ordinal);
        Assert.Contains("empty.txt: there is no text to evaluate.", CliRun.Of("evaluate", models.Song, Empty()).Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"source\": { \"files\": [\"t.txt\"] },\n \"output\": \"no/such/x.zip\" }", ":2:12: output: the folder '")]
    [InlineData("{ \"source\": { \"files\": [\"t.txt\"] },\n \"output\": \"t.txt\" }", ":2:12: output: '")]
    [InlineData("{ \"source\": { \"files\": [\"t.txt\"] },\n \"training\": { \"checkpoint_path\": \"t.txt\" } }",
        ":2:35: training.checkpoint_path: '")]
    [InlineData("{ \"source\": { \"files\": [\"t.txt\"] },\n \"previous\": \"gone.zip\" }", ":2:14: previous: '")]
    [InlineData("{ \"source\": { \"files\": [\"t.txt\"],\n \"validation\": [\"gone.txt\"] } }", ":2:16: source.validation: '")]
    [InlineData("{ \"source\": {\n \"files\": [\"gone.csv\"] } }", ":2:11: source.files: '")]
    [InlineData("{ \"source\": { \"files\": [\"t.csv\"],\n \"text_column\": \"C\" } }", ":2:17: source.text_column: '")]
    [InlineData("{ \"source\": { \"files\": [\"t.csv\"], \"text_column\": \"A\",\n \"separator\": \"::\" } }",
        ":2:15: source.separator must be one character")]
    [InlineData("{ \"source\": {\n \"files\": [\"one.csv\", \"t.txt\"] } }", ":2:11: source.files: some of the files are tables")]
    public void AKeyOfAConfigurationIsNamedWithItsPlace(string json, string fault)
    {
        File.WriteAllText(_folder["t.txt"], "some text of no matter\n");
        File.WriteAllText(_folder["t.csv"], "A,B\nx,y\n");
        File.WriteAllText(_folder["one.csv"], "A\nx\n");
        File.WriteAllText(_folder["c.rnnlm.json"], json);

        CliRun run = CliRun.Of("train", _folder["c.rnnlm.json"], "--force");

        Assert.Equal(2, run.Code);
        Assert.StartsWith($"rnnlm: {_folder["c.rnnlm.json"]}{fault}", run.Error, StringComparison.Ordinal);
        // Neither a flag nor a name of C#.
        Assert.DoesNotContain("--", run.Error, StringComparison.Ordinal);
        Assert.DoesNotMatch("by [A-Z]", run.Error);
    }

    /// <summary>What a row sets itself goes by the name of its member or column, and what the command sets by the flag.</summary>
    [Theory]
    [InlineData("""{"prompt":"a","pattern":"[a"}""", "its \"pattern\" '[a' is not a regular expression")]
    [InlineData("""{"prompt":"a","pattern":"a{9}"}""", "its \"pattern\" 'a{9}' needs at least 9 characters, but --max-length is 5.")]
    [InlineData("""{"prompt":"a","pattern":"a{9}","max_length":7}""",
        "its \"pattern\" 'a{9}' needs at least 9 characters, but its \"max_length\" is 7.")]
    [InlineData("""{"prompt":"a","pattern":"Ω"}""", "its \"pattern\" 'Ω' can't be matched")]
    [InlineData("""{"prompt":"a","max_length":0}""", "--pattern 'a{2}' needs at least 2 characters, but its \"max_length\" is 0.")]
    [InlineData("""{"prompt":"a","pattern":["a"]}""", "its \"pattern\" is a list, not a string.")]
    [InlineData("""{"prompt":"a","pattern":{}}""", "its \"pattern\" is an object, not a string.")]
    [InlineData("""{"prompt":"a","temperature":-1}""", "its \"temperature\" must be a finite number of at least 0, but is -1.")]
    [InlineData("""{"prompt":"a","temperature":"x"}""", "its \"temperature\" is a string, not a number.")]
    [InlineData("""{"prompt":"a","max_length":1.5}""", "its \"max_length\" must be a whole number from 0 to --max-length-limit")]
    public void WhatARowSetsIsNamedByItsMember(string line, string fault)
    {
        foreach (string beams in (string[])["1", "2"])
        {
            CliRun run = CliRun.With("{\"prompt\":\"a\"}\n\n" + line, default, "sample", models.Song, "--jsonl", "--length", "5", "--beams",
                beams, "--pattern", "a{2}");

            Assert.Equal(1, run.Code);
            Assert.StartsWith($"rnnlm: standard input:3: {fault}", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("key 0", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhatARowOfATableSetsIsNamedByItsColumn()
    {
        File.WriteAllText(_folder["t.csv"], "prompt,pattern\na,\nthe,[a\n");

        CliRun run = CliRun.Of("sample", models.Song, _folder["t.csv"], "--length", "5", "--pattern", "a{9}");
        Assert.Equal(1, run.Code);
        Assert.Contains("t.csv:2: --pattern 'a{9}' needs at least 9 characters, but --max-length is 5.", run.Error,
            StringComparison.Ordinal);
        run = CliRun.Ok("sample", models.Song, _folder["t.csv"], "--length", "5", "--on-error", "skip");
        Assert.Contains("t.csv:3: its \"pattern\" '[a' is not a regular expression", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsQuotedCannotBreakTheLine() =>
        Assert.Equal("rnnlm: 'no\\nsuch\\t.zip' does not exist. Give a model file that rnnlm or ML.NET has saved.\n",
        CliRun.Of("sample", "no\nsuch\t.zip").Error);

    [Fact]
    public void OneStepIsNotCalledStepsAndNothingIsSaidOfWhatNobodyAskedFor()
    {
        File.WriteAllText(_folder["t.txt"], string.Concat(Enumerable.Repeat("a rose is a rose\n", 9)));

        CliRun run = CliRun.Ok(["train", _folder["t.txt"], "-o", _folder["x.zip"], "--steps", "1", .. Small]);

        Assert.StartsWith("1 step in ", run.Output, StringComparison.Ordinal);
        Assert.Contains("training          1 step in ", CliRun.Ok("inspect", _folder["x.zip"]).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("TorchSharp", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("GPU", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void GeneratedCodeGoesIntoAFolder()
    {
        CliRun run = CliRun.Of("codegen", models.Song, "-o", Empty(), "--force");

        Assert.Equal(2, run.Code);
        Assert.Contains("empty.txt' is a file. Name a folder by --output.", run.Error, StringComparison.Ordinal);
    }

    private string Empty()
    {
        File.WriteAllText(_folder["empty.txt"], "");
        return _folder["empty.txt"];
    }
}
