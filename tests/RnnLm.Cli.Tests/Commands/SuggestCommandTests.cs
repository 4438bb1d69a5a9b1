using System.Globalization;
using System.Text.Json;
using RnnLm.Cli.Terminal;
using RnnLm.Tests;
using Spectre.Console.Testing;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>Suggestions on the command line; the models know their rows by heart.</summary>
public sealed class SuggestCommandTests(ReportModels models) : IClassFixture<ReportModels>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ItPrintsWhatTheLibrarySuggests()
    {
        using RnnLanguageModel model = RnnLanguageModel.Load(models.Song);
        SuggestionList expected = model.Suggest("the c", new SuggestOptions { Count = 3, Typos = 1 });

        CliRun run = CliRun.Ok("suggest", models.Song, "-p", "the c", "-n", "3", "--typos", "1");

        Assert.Equal(3, expected.Count);
        Assert.Equal(expected.Select(s => $"{SignificantDigits.Of(s.Probability)}\t{s.Text}"), run.Lines);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void LinesAreAnsweredOneByOneInEveryForm()
    {
        string[] ask = ["suggest", models.Song, "-n", "2"];
        string[] first = [.. CliRun.Ok([.. ask, "-p", "the c"]).Lines], second = [.. CliRun.Ok([.. ask, "-p", "a d"]).Lines];
        string[] expected = [.. first.Select(line => "the c\t" + line), .. second.Select(line => "a d\t" + line)];

        Assert.Equal(expected, CliRun.With("the c\na d\n", default, ask).Lines);
        Assert.Equal(expected, CliRun.With("the c\na d\n", default, [.. ask, "-"]).Lines);

        const string InJson = "{\"key\": 1, \"prefix\": \"the c\"}\n\n{\"prefix\": \"a d\", \"suggestions\": []}\n";
        JsonElement[] lines = [.. CliRun.With("the c\na d\n", default, [.. ask, "--json"]).Lines.Select(Json)];
        JsonElement[] kept = [.. CliRun.With(InJson, default, [.. ask, "--jsonl"]).Lines.Select(Json)];
        Assert.Equal(1, kept[0].GetProperty("key").GetInt32());
        foreach (JsonElement[] written in (JsonElement[][])[lines, kept])
        {
            Assert.Equal(["the c", "a d"], written.Select(line => line.GetProperty("prefix").GetString()));
            Assert.All(written, line => Assert.True(line.GetProperty("complete").GetBoolean()));
            Assert.Equal(first.Concat(second), written.SelectMany(Suggestions).Select(suggestion => 
                $"{SignificantDigits.Of(suggestion.GetProperty("probability").GetDouble())}\t"
                + suggestion.GetProperty("text").GetString()));
        }
    }

    /// <summary>A warning names a long text by its beginning, and says that no condition is given.</summary>
    [Fact]
    public void WarningsAreShortAndNameWhatIsNotGiven()
    {
        CliRun run = CliRun.Ok("suggest", models.Song, "-p", new string('Q', 80_000));
        Assert.Contains($"80,000 characters of '{new string('Q', 60)}…'", run.Error, StringComparison.Ordinal);
        Assert.InRange(run.Error.Length, 1, 300);

        string[] ask = ["suggest", models.Kinds, "-p", "m"];
        Assert.Contains("has conditions, and none is given", CliRun.Ok(ask).Error, StringComparison.Ordinal);
        Assert.Empty(CliRun.Ok([.. ask, "-c", "cat"]).Error);
    }

    [Fact]
    public void ConditionsAndPatternsAreAskedFor()
    {
        const string InJson = "{\"prefix\": \"\", \"condition\": \"cat\"}\n{\"prefix\": \"\", \"condition\": \"dog\"}\n"
            + "{\"prefix\": \"\"}\n";
        CliRun run = CliRun.With(InJson, default,
            "suggest", models.Kinds, "--jsonl", "--to", "pattern", "--pattern", "miau|wau|mau", "-c", "dog");

        double[][] probabilities = [.. run.Lines.Select(line => Suggestions(Json(line))
            .OrderBy(suggestion => suggestion.GetProperty("text").GetString(), StringComparer.Ordinal)
            .Select(suggestion => suggestion.GetProperty("probability").GetDouble()).ToArray())];
        Assert.All(probabilities, all => Assert.Equal(3, all.Length));
        Assert.NotEqual(probabilities[0], probabilities[1]);
        Assert.Equal(probabilities[1], probabilities[2]);
    }

    [Theory]
    [InlineData(2, "--count must be from 1 to 10000, but is 0", "-p", "the", "-n", "0")]
    [InlineData(2, "--typos must be from 0 to 4, but is 9", "-p", "the", "--typos", "9")]
    [InlineData(2, "--to can't be end for a model of running text", "-p", "the", "--to", "end")]
    [InlineData(2, "--pattern goes with --to pattern alone", "-p", "the", "--pattern", "a")]
    [InlineData(2, "--pattern must be set where --to is pattern", "-p", "the", "--to", "pattern")]
    [InlineData(2, "the model has no conditions, so 'x' means nothing to it", "-p", "the", "-c", "x")]
    [InlineData(2, "give texts by --prefix, or files, not both.", "-p", "the", "rows.txt")]
    [InlineData(2, "'the' does not exist. Give a file or a folder of rows, - for the standard input, or a text by --prefix.", "the")]
    [InlineData(2, "--jsonl and --output-format contradict each other", "--jsonl", "--output-format", "csv")]
    public void WrongUseIsSaid(int code, string fault, params string[] arguments)
    {
        CliRun run = CliRun.Of(["suggest", models.Song, .. arguments]);
        Assert.Equal(code, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]", "not an object")]
    [InlineData("{\"key\": 1}", "it has no \"prefix\"")]
    [InlineData("{\"prefix\": 1}", "its \"prefix\" is a number, not a string")]
    [InlineData("{\"prefix\": \"a\", \"condition\": \"x\"}", "the model has no conditions")]
    public void ALineThatIsNotAsItShouldBeIsNamed(string line, string fault)
    {
        CliRun run = CliRun.With("{\"prefix\": \"a\"}\n" + line, default, "suggest", models.Song, "--jsonl");
        Assert.Equal(1, run.Code);
        Assert.Contains("standard input:2: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheSearchLeftOutAndTheModelDoesNotKnowIsSaid()
    {
        Assert.Contains("took 1 step and", CliRun.Ok("suggest", models.Song, "-p", "the c", "--max-steps", "1").Error,
            StringComparison.Ordinal);
        CliRun run = CliRun.Ok("suggest", models.Song, "-p", "theÜ c", "--max-steps", "2");
        Assert.Contains("unknown to the model: 1 character of 'theÜ c'", run.Error, StringComparison.Ordinal);
        Assert.Contains(
            "took 2 steps and did not come to its end: likelier texts may be missing. Raise --max-steps.", run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void OneStepIsOne() => Assert.Contains("took 1 step and", CliRun.Ok("suggest", models.Song, "-p", "the", "--max-steps",
        "1").Error, StringComparison.Ordinal);

    [Fact]
    public void APrefixThatCannotMatchIsSaid()
    {
        string[] ask = ["suggest", models.Song, "--to", "pattern", "--pattern", "the (cat|dog)", "-p"];
        Assert.Empty(CliRun.Ok([.. ask, "the c"]).Error);

        CliRun run = CliRun.Ok([.. ask, "a d"]);

        Assert.Empty(run.Output);
        Assert.Equal("warning: nothing that begins with 'a d' and matches --pattern was found, within --max-length.\n", run.Error);
    }

    /// <summary>Only vectors go into a matrix, and only they have no lines for people.</summary>
    [Fact]
    public void HelpOffersTheFormatsThatCanBeWritten()
    {
        foreach (string command in (string[])["suggest", "check", "score", "sample", "classify"])
            Assert.Contains("--output-format auto|text|jsonl|csv|tsv ", Help(command), StringComparison.Ordinal);
        Assert.Contains("--output-format auto|jsonl|csv|tsv|npy|safetensors ", Help("embed"), StringComparison.Ordinal);

        static string Help(string command) => string.Join(' ', CliRun.Ok(command, "--help").Output.Split((char[]?)null,
            StringSplitOptions.RemoveEmptyEntries)) + " ";
    }

    [Fact]
    public void OnATerminalItAsksUntilOneLeaves()
    {
        string one = CliRun.Ok("suggest", models.Song, "-p", "the c").Output;

        foreach (string leave in (string[])["/quit\nthe d\n", ""])
        {
            using var status = new TestConsole();
            var output = new StringWriter();
            var interrupts = new Interrupts();
            var input = new StringReader("the c\n" + leave);
            var context = new CommandContext(input, output, status, true, true, default) { Interrupts = interrupts };
            Assert.Equal(0, new CommandLine(context).Run(["suggest", models.Song]));
            Assert.Equal($"> {one}> ", output.ToString().ReplaceLineEndings("\n"));
            Assert.Contains("/quit, Ctrl+D or Ctrl+C leaves", status.Output, StringComparison.Ordinal);
            Assert.Null(interrupts.Handler);
        }
    }

    [Fact]
    public void AnInterruptWhereNothingIsSearchedIsLeftToTheSystem()
    {
        var interrupts = new Interrupts();
        bool? dealtWith = null;
        using var status = new TestConsole();
        using var input = new AskingReader(() => dealtWith = interrupts.Handler!());
        var context = new CommandContext(input, new StringWriter(), status, true, true, default) { Interrupts = interrupts };
        new CommandLine(context).Run(["suggest", models.Song]);
        Assert.False(dealtWith);
    }

    private static JsonElement Json(string line) => JsonDocument.Parse(line).RootElement;

    private static IEnumerable<JsonElement> Suggestions(JsonElement line) => line.GetProperty("suggestions").EnumerateArray();

    private sealed class AskingReader(Action asked) : StringReader("")
    {
        public override string? ReadLine()
        {
            asked();
            return null;
        }
    }
}
