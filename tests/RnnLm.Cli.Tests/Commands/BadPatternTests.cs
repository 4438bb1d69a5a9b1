using RnnLm.ModelFiles;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>A pattern that can't be written by is refused in every command that takes one, before anything is written.</summary>
public sealed class BadPatternTests(ReportModels models) : IClassFixture<ReportModels>, IDisposable
{
    private const string Catastrophic = "(a{1,1000}){1,1000}";

    private static readonly (string Pattern, string Fault)[] Faults =
    [
        (Catastrophic, "needs more than 100,000 states because of the repeat '{1,1000}' at offset 11"),
        ("(t|h)*t(t|h){20}", "needs more than 50,000 states"),
        ("a(?=b)", "has a look-ahead '(?=' at offset 1, which is not regular"),
        ("a(", "is not a regular expression"),
        ("aΩ{2}", "can't be matched: the model's vocabulary has no character for 'Ω'"),
        ("[a-h]{500}", "needs at least 500 characters, but"),
        ("a^b", "can't be matched: no text at all matches it"),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryCommandThatTakesAPatternRefusesABadOne()
    {
        string[] commands = [.. CommandNames.All.Where(name =>
            CliRun.Ok(name, "--help").Output.Contains("--pattern ", StringComparison.Ordinal))];
        Assert.Contains("sample", commands);
        foreach (string command in commands)
        {
            foreach ((string pattern, string fault) in Faults)
            {
                // What is typed may be as long as the pattern asks for.
                if (command == "suggest" && pattern == "[a-h]{500}")
                    continue;
                CliRun run = CliRun.Of([.. Arguments(command), "--pattern", pattern]);

                Assert.True(run.Code == 2, $"{command} --pattern {pattern}: exit code {run.Code}, {run.Error}{run.Output}");
                Assert.Contains($"--pattern '{pattern}' {fault}", run.Error, StringComparison.Ordinal);
                Assert.Single(run.Error.Trim().Split('\n'));
                Assert.Empty(_folder.Names);
            }
        }
    }

    [Fact]
    public void AConfigurationSaysWhereThePatternStands()
    {
        WriteSong();
        string config = _folder["run.rnnlm.json"];
        File.WriteAllText(config,
            "{ \"source\": { \"files\": [\"song.txt\"] },\n \"sampling\": { \"pattern\": \"Ω\" }, \"training\": { \"max_steps\": 2 } }");
        CliRun run = CliRun.Of("train", config);
        Assert.Equal(2, run.Code);
        Assert.Contains("run.rnnlm.json:2:27: sampling.pattern 'Ω' can't be matched: the model's vocabulary has no character for 'Ω'",
            run.Error, StringComparison.Ordinal);

        File.WriteAllText(config, File.ReadAllText(config).Replace("Ω", Catastrophic, StringComparison.Ordinal));
        foreach (string command in (string[])["train", "codegen"])
        {
            run = CliRun.Of(command, config);
            Assert.Equal(2, run.Code);
            Assert.Contains("run.rnnlm.json:2:27: sampling.pattern '" + Catastrophic + "' needs more than 100,000 states", run.Error,
                StringComparison.Ordinal);
        }

        Assert.Equal(["run.rnnlm.json", "song.txt"], _folder.Names);
    }

    [Theory]
    [InlineData(Catastrophic, "needs more than 100,000 states")]
    [InlineData("Ω", "can't be matched")]
    [InlineData("a{999}", "needs at least 999 characters")]
    public void ALineOfJSONIsNamed(string pattern, string fault)
    {
        CliRun run = CliRun.With($"{{\"prompt\": \"a\"}}\n{{\"prompt\": \"a\", \"pattern\": \"{pattern}\"}}\n", default, "sample",
            models.Song, "--jsonl");
        Assert.Equal(1, run.Code);
        Assert.Contains("standard input:2: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void APromptThatBreaksThePatternIsNamed()
    {
        string[] pattern = ["--pattern", "the [cd].*", "--pattern-includes-prompt"];
        string fault = "--pattern 'the [cd].*' can't be matched by a text that begins with 'a log'";
        CliRun sampled = CliRun.Of(["sample", models.Song, "-p", "the ", "-p", "a log", .. pattern]);
        CliRun generated = CliRun.Of(["generate", models.Song, "-n", "4", "-p", "the ", "-p", "a log", "-o", _folder["rows.txt"],
            .. pattern]);
        CliRun lines = CliRun.With("{\"prompt\": \"the \"}\n{\"prompt\": \"a log\"}\n", default,
            ["sample", models.Song, "--jsonl", .. pattern]);
        CliRun talk = CliRun.With("a log\nthe \n", default, ["sample", models.Song, "-i", .. pattern]);

        Assert.Contains(fault, sampled.Error, StringComparison.Ordinal);
        Assert.Contains(fault.Replace("can't", "of the row with key 1 can't", StringComparison.Ordinal), generated.Error,
            StringComparison.Ordinal);
        Assert.Contains("standard input:2: " + fault, lines.Error, StringComparison.Ordinal);
        Assert.Equal((2, 2, 1, 0), (sampled.Code, generated.Code, lines.Code, talk.Code));
        // In a talk it is said, and the next prompt is continued.
        Assert.Contains(fault.Replace("--", "/", StringComparison.Ordinal), talk.Error, StringComparison.Ordinal);
        Assert.Matches("^the [cd]", talk.Output);
        Assert.Empty(_folder.Names);
    }

    [Theory]
    [InlineData("/pattern " + Catastrophic, "/pattern '" + Catastrophic + "' needs more than 100,000 states")]
    [InlineData("/pattern a(", "/pattern 'a(' is not a regular expression")]
    [InlineData("/pattern Ω", "/pattern 'Ω' can't be matched")]
    public void InATalkItIsSaidAndTheTalkGoesOn(string command, string fault)
    {
        CliRun run = CliRun.With($"{command}\nthe\n/pattern the\nthe\n", default, "sample", models.Song, "-i", "--temperature", "0",
            "--no-prompt");
        Assert.Equal(0, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.EndsWith("the\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AReportNamesItsLengthWhereASavedPatternNeedsMore()
    {
        RnnLanguageModel model = RnnLanguageModel.Load(models.Song);
        ModelArchive.Save(_folder["m.zip"], model.Saved with { Sampling = new SamplingOptions { Pattern = "[a-h ]{90}" } });
        string[] report = ["report", _folder["m.zip"], "-o", _folder["r.html"]];

        CliRun run = CliRun.Of([.. report, "--length", "80"]);

        Assert.Equal(2, run.Code);
        Assert.Contains("needs at least 90 characters, but --length is 80", run.Error, StringComparison.Ordinal);
        CliRun.Ok([.. report, "--length", "90"]);
    }

    [Theory]
    [InlineData("--num-samples must be from 1 to", "sample", "-n", "0")]
    [InlineData("--rows must be at least 1, but is 0", "generate", "-n", "0")]
    [InlineData("--rows must be at least 1, but is -3", "generate", "-n", "-3")]
    [InlineData("--length must be from 1 to 100,000, but is 0", "report", "--length", "0")]
    [InlineData("--characters must be from 1 to", "report", "--characters", "0")]
    [InlineData("--temperatures takes up to 12 numbers", "report", "--temperatures", "")]
    [InlineData("--max-length must be from 0 to", "sample", "--max-length", "-1")]
    [InlineData("--batch-size must be from 1 to", "sample", "--batch-size", "0")]
    public void NothingAskedForIsRefused(string fault, string command, params string[] arguments)
    {
        CliRun run = CliRun.Of([command, models.Song, .. arguments]);
        Assert.Equal(2, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    private void WriteSong() =>
        File.WriteAllText(_folder["song.txt"],
        string.Concat(Enumerable.Repeat("the cat sat on the mat, and the dog sat on the log by a bed.\n", 20)));

    private string[] Arguments(string command) => command switch
    {
        "sample" => ["sample", models.Song, "-p", "the "],
        "generate" => ["generate", models.Song, "-n", "3", "-o", _folder["rows.txt"]],
        "suggest" => ["suggest", models.Song, "-p", "the", "--to", "pattern"],
        "bench" => ["bench", "--engine", "managed", "--configs", "gru-256", "--seconds", "0.01", "--threads", "1"],
        _ => throw new NotSupportedException($"'{command}' takes a pattern: say here how it is called."),
    };
}
