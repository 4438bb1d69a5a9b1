using System.Text.Json;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>What a command can't read as it is meant is said, with the file and the line; nothing is left out in silence.</summary>
public sealed class LostDataTests : IDisposable
{
    private static readonly string[] Small =
        ["--steps", "2", "--hidden-size", "4", "--embedding-size", "4", "--batch-size", "4", "--seed", "1",
        "--engine", "managed", "--threads", "1", "--json"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> BadTables => new()
    {
        { "No,Note\n1,the parcel came, but late\n", ":2: there are 3 fields, but the table has 2 columns: No, Note." },
        { "No,Note\n1,fine\n\n2,\"two\nlines\"\n3,the parcel came, but late\n", ":6: there are 3 fields" },
        { "No,Note,Kind\n1,broken\nin two,x\n", ":2: there are 2 fields, but the table has 3 columns" },
        { "No,Note\n1,\n2,good,\n", ":3: there are 3 fields" },
        { "No,Note\n1,\"the parcel\n2,\"was late\"\n", ":2: a double quote opens a field here, and none closes it" },
        { "No,Note\n1,\"two\nlines\",\n", ":2: there are 3 fields" },
        { "No,Note\n1,\"two\nlines\"\n2,\"a\" b\n", ":4: a double quote opens a field here" },
        { "No,Note\n\"1\nb\",\"c\n", ":3: a double quote opens a field here" },
        { "No,Note\n1,\"said \"\"no\"\"\n", ":2: a double quote opens a field here" },
        { "No,\"Note\n1,late\n", ":1: a double quote opens a field here" },
        { "Note,No,Note\na,1,b\n", "has 2 columns named 'Note', numbers 0 and 2 from 0. Give the number" },
        { "No;Note\n1;late\n", "has no column 'Note'. It has No;Note. If ';' stands between columns, say --separator ';'." },
        { "No\tNote\n1\tlate\n", "say --separator '\\t'." },
    };

    [Theory]
    [MemberData(nameof(BadTables))]
    public void ATableThatWouldLoseTextIsRefusedWithItsLine(string table, string fault)
    {
        File.WriteAllText(_folder["good.csv"], "Note\n" + string.Concat(Enumerable.Repeat("a note\nanother\n", 20)));
        CliRun.Ok(["train", _folder["good.csv"], "--text-column", "Note", "--mode", "rows", "-o", _folder["good.zip"], .. Small]);
        File.WriteAllText(_folder["t.csv"], table);

        foreach (string[] command in new[]
                 {
                     ["train", _folder["t.csv"], "--mode", "rows", "-o", _folder["t.zip"], "--validation-fraction", "0", .. Small],
                     ["train", _folder["t.csv"], "--mode", "stream", "-o", _folder["t.zip"], "--validation-fraction", "0", .. Small],
                     ["train", _folder["good.csv"], "--mode", "rows", "-o", _folder["t.zip"], "--validation", _folder["t.csv"], .. Small],
                     ["evaluate", _folder["good.zip"], _folder["t.csv"]],
                     (string[])["report", _folder["good.zip"], "--text", _folder["t.csv"], "-o", _folder["t.html"]],
                 })
        {
            CliRun run = CliRun.Of([.. command, "--text-column", "Note"]);

            Assert.NotEqual(0, run.Code);
            Assert.Contains(_folder["t.csv"], run.Error, StringComparison.Ordinal);
            Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(["good.csv", "good.zip", "t.csv"], _folder.Names);
    }

    [Fact]
    public void OfColumnsOfOneNameANumberPicksOne()
    {
        File.WriteAllText(_folder["t.csv"], "Note,Note\n" + string.Concat(Enumerable.Repeat("aa,bc\n", 20)));

        CliRun.Ok(["train", _folder["t.csv"], "--text-column", "1", "--mode", "rows", "-o", _folder["t.zip"], .. Small]);

        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["t.zip"]);
        Assert.Equal(["b", "c"], model.Vocabulary.Characters.Select(c => c.ToString()));
    }

    [Theory]
    [InlineData("Note;No", ";")]
    [InlineData("Note|No", "|")]
    [InlineData("Note\tNo", "\\t")]
    public void ATableOfOneColumnThatLooksLikeSeveralIsPointedOut(string header, string separator)
    {
        File.WriteAllText(_folder["t.csv"], header + "\n" + string.Concat(Enumerable.Repeat("a b c\nd e f\n", 20)));

        CliRun run = CliRun.Ok(["train", _folder["t.csv"], "--mode", "rows", "-o", _folder["t.zip"], .. Small]);

        Assert.Contains(Log(run, "warning"), text => text.Contains("has one column", StringComparison.Ordinal)
            && text.EndsWith($"say --separator '{separator}'.", StringComparison.Ordinal));
    }

    [Fact]
    public void AFolderIsReadAsItIsSaidAndNamesTheModel()
    {
        string corpus = _folder["corpus.v1"], inner = Path.Combine(corpus, "inner");
        Directory.CreateDirectory(inner);
        foreach ((string name, string text) in new[] { ("b.txt", "bbb bbb bbb\n"), ("A.TXT", "aaa aaa\n"), ("notes.md", "xyz"),
            ("inner/c.txt", "ccc ccc\n"), ("inner/d.csv", "d") })
            File.WriteAllText(Path.Combine(corpus, name), text);
        if (!OperatingSystem.IsWindows())
        {
            // What several paths lead to is read once, and a folder within itself does not go on for ever.
            File.CreateSymbolicLink(Path.Combine(corpus, "again.txt"), "b.txt");
            Directory.CreateSymbolicLink(Path.Combine(corpus, "loop"), ".");
        }

        CliRun run = CliRun.Ok(["train", corpus + Path.DirectorySeparatorChar, "--output", _folder["m.zip"], "--validation", inner,
            .. Small]);

        Assert.Contains($"Training on 3 files, 28 bytes: {Path.Combine(corpus, "A.TXT")} (8), {Path.Combine(corpus, "b.txt")} (12), "
            + $"{Path.Combine(inner, "c.txt")} (8).", Log(run, "info"));
        Assert.Contains($"Validating on 1 file, 8 bytes: {Path.Combine(inner, "c.txt")} (8).", Log(run, "info"));
        Assert.Contains(Log(run, "warning"), text => text.StartsWith("2 files are left out", StringComparison.Ordinal)
            && text.Contains("d.csv", StringComparison.Ordinal) && text.Contains("notes.md", StringComparison.Ordinal));
        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["m.zip"]);
        Assert.Equal("\n abc", string.Concat(model.Vocabulary.Characters));
    }

    [Theory]
    [InlineData("corpus.v1", "corpus.v1")]
    [InlineData("corpus.v1/", "corpus.v1")]
    [InlineData("corpus.v1/inner/..", "corpus.v1")]
    [InlineData("corpus.v1/inner/c.txt", "c")]
    public void TheModelIsNamedAfterTheFolderOrTheFile(string input, string name)
    {
        Directory.CreateDirectory(_folder["corpus.v1/inner"]);
        File.WriteAllText(_folder["corpus.v1/inner/c.txt"], "abc abc abc abc abc\n");
        // The model goes to the working directory, which is that of all tests.
        string model = Path.GetFullPath(name + ".zip");
        try
        {
            CliRun run = CliRun.Ok(["train", _folder[input], .. Small]);

            Assert.Equal(name + ".zip", JsonDocument.Parse(run.Lines[^1]).RootElement.GetProperty("model").GetString());
        }
        finally
        {
            File.Delete(model);
        }
    }

    /// <summary>On every system the same text: of more than a piece, so that line ends fall on the edges of what is read at a
    /// time.</summary>
    [Fact]
    public void ATextIsTheSameWhateverItsLineEnds()
    {
        string text = string.Concat(Enumerable.Range(0, 9000).Select(i =>
            (i * 7919 % 10) switch { 0 => "\n", 1 => "the parcel\n", 2 => "was\n\n", _ => $"{(char)('a' + (i * 31 % 26))} " }));
        var models = new List<RnnLanguageModel>();
        var figures = new List<string>();
        var written = new List<string>();
        var unknown = new List<string>();
        foreach ((string name, string end) in new[] { ("feeds", "\n"), ("both", "\r\n"), ("returns", "\r") })
        {
            string file = _folder[name + ".txt"];
            File.WriteAllText(file, text.Replace("\n", end, StringComparison.Ordinal));
            CliRun.Ok(["train", file, "-o", _folder[name + ".zip"], .. Small]);
            models.Add(RnnLanguageModel.Load(_folder[name + ".zip"]));

            JsonElement evaluation = JsonDocument.Parse(CliRun.Ok("evaluate", _folder["feeds.zip"], file, "--json").Lines[0]).RootElement;
            figures.Add($"{evaluation.GetProperty("characters")} {evaluation.GetProperty("nats_per_character").GetDouble():R}");
            written.Add(CliRun.Ok("sample", _folder["feeds.zip"], "--prompt", $"the parcel{end}was", "--no-prompt", "--seed", "1",
                "--length", "50").Output);
            CliRun.Ok("report", _folder["feeds.zip"], "--text", file, "-o", _folder["page.html"], "-f");
            unknown.Add(File.ReadAllText(_folder["page.html"]).Split("\"unknown\":")[1].Split(',')[0]);
        }

        Assert.All(models, model =>
            Assert.All(models[0].Saved.Weights, tensor => Assert.Equal(tensor.Values, model.Saved.Weights[tensor.Name].Values)));
        Assert.StartsWith($"{text.Length - 1} ", figures[0], StringComparison.Ordinal);
        Assert.All(figures, figure => Assert.Equal(figures[0], figure));
        Assert.All(written, sample => Assert.Equal(written[0], sample));
        Assert.All(unknown, count => Assert.Equal("0", count));
        models.ForEach(model => model.Dispose());
    }

    [Fact]
    public void LineEndsAreKeptWhereThatIsAskedFor()
    {
        File.WriteAllText(_folder["t.txt"], string.Concat(Enumerable.Repeat("the parcel\r\nwas late\r\n", 30)));

        CliRun.Ok(["train", _folder["t.txt"], "-o", _folder["t.zip"], "--keep-line-ends", .. Small]);

        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["t.zip"]);
        Assert.Contains(new System.Text.Rune('\r'), model.Vocabulary.Characters);
    }

    private static IEnumerable<string> Log(CliRun run, string severity) => run.Lines.Select(line => JsonDocument.Parse(line).RootElement)
        .Where(line => line.GetProperty("event").GetString() == "log" && line.GetProperty("severity").GetString() == severity)
        .Select(line => line.GetProperty("text").GetString()!);
}
