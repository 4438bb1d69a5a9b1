using System.Globalization;
using System.Text.Json;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>Scores on the command line are those of the library.</summary>
public sealed class ScoreCommandTests(ReportModels models) : IClassFixture<ReportModels>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ScoresAreThoseOfTheLibraryToTheLastBit()
    {
        string[] texts = ["the cat", "", "zebra ü 😀", "a",
            .. Enumerable.Range(0, 3000).Select(i => $"the {(i % 7 == 0 ? "dog" : "cat")} {i}")];
        File.WriteAllLines(_folder["t.txt"], texts);
        using RnnLanguageModel model = RnnLanguageModel.Load(models.Song);
        TextScore[] expected = [.. model.ScoreAll(texts)];

        foreach (string threads in (string[])["1", "3"])
        {
            JsonElement[] rows = [.. CliRun.Ok("score", models.Song, _folder["t.txt"], "--json", "--threads", threads).Lines.Select(Json)];
            Assert.Equal(texts, rows.Select(row => row.GetProperty("text").GetString()));
            Assert.Equal(expected.Select(score => score.LogProbability),
                rows.Select(row => row.GetProperty("log_probability").GetDouble()));
            Assert.Equal(expected.Select(score => score.Count), rows.Select(row => row.GetProperty("characters").GetInt32()));
            Assert.Equal(expected.Select(score => score.UnknownCharacters),
                rows.Select(row => row.GetProperty("unknown_characters").GetInt32()));
            Assert.Equal(expected.Select(score => Finite(score.BitsPerCharacter)), rows.Select(row => Number(row, "bits_per_character")));
            Assert.Equal(expected.Select(score => Finite(score.Perplexity)), rows.Select(row => Number(row, "perplexity")));
        }

        string[] lines = [.. CliRun.Ok("score", models.Song, "-t", "the cat").Lines];
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{expected[0].BitsPerCharacter:F4}\t{expected[0].Perplexity:F4}\t")
            + string.Create(CultureInfo.InvariantCulture, $"{expected[0].LogProbability:F4}\t{expected[0].Count}\tthe cat"),
            lines.Single());
    }

    /// <summary>The characters of a row, each where it stands, add up to the row; a running text's first one is not counted.</summary>
    [Fact]
    public void CharactersAddUp()
    {
        JsonElement row = Json(CliRun.Ok("score", models.Song, "-t", "the 😀cat", "--per-character", "--json").Lines.Single());
        int[] positions = [.. row.GetProperty("positions").EnumerateArray().Select(item => item.GetInt32())];
        double[] each = [.. row.GetProperty("log_probabilities").EnumerateArray().Select(item => item.GetDouble())];

        Assert.Equal([1, 2, 3, 4, 6, 7, 8], positions);
        Assert.Equal(row.GetProperty("log_probability").GetDouble(), each.Sum(), 4);

        row = Json(CliRun.Ok("score", models.Kinds, "-t", "miau", "-c", "cat", "--per-character", "--json").Lines.Single());
        Assert.Equal([0, 1, 2, 3, 4], row.GetProperty("positions").EnumerateArray().Select(item => item.GetInt32()));
        string[] lines = [.. CliRun.Ok("score", models.Kinds, "-t", "miau", "-c", "cat", "--per-character").Lines];
        Assert.Equal(["0", "1", "2", "3", "4"], lines[1..].Select(line => line.Split('\t')[1]));
        Assert.Equal(["'m'", "'i'", "'a'", "'u'", "end"], lines[1..].Select(line => line.Split('\t')[3]));
    }

    [Fact]
    public void ConditionsCountWhereverTheyStand()
    {
        using RnnLanguageModel model = RnnLanguageModel.Load(models.Kinds);
        double[] expected = [model.Score("miau", "cat").LogProbability, model.Score("miau", "dog").LogProbability];
        Assert.NotEqual(expected[0], expected[1]);
        File.WriteAllText(_folder["t.txt"], "cat\tmiau\ndog\tmiau\n");
        File.WriteAllText(_folder["t.csv"], "condition,id,text\ncat,1,miau\ndog,2,miau\n");
        File.WriteAllText(_folder["u.csv"], "id,kind,sound\n1,cat,miau\n2,dog,miau\n");
        File.WriteAllText(_folder["t.jsonl"], "{\"text\":\"miau\",\"condition\":\"cat\"}\n{\"Text\":\"miau\",\"Condition\":\"dog\"}\n");

        Equal(CliRun.Ok("score", models.Kinds, _folder["t.txt"], "--conditions", "--json"));
        Equal(CliRun.Ok("score", models.Kinds, _folder["t.csv"], "--json"));
        Equal(CliRun.Ok("score", models.Kinds, _folder["u.csv"], "--json", "--text-column", "sound", "--condition-column", "kind"));
        Equal(CliRun.Ok("score", models.Kinds, _folder["t.jsonl"]));
        Assert.Contains("t.txt:1: the line begins with 'cat', a condition of the model, and a tab. Say --conditions",
            CliRun.Of("score", models.Kinds, _folder["t.txt"]).Error, StringComparison.Ordinal);

        void Equal(CliRun run) =>
            Assert.Equal(expected, run.Lines.Select(line => Json(line).GetProperty("log_probability").GetDouble()));
    }

    /// <summary>Of pairs the target is scored, after the input.</summary>
    [Fact]
    public void PairsAreReadFromEveryForm()
    {
        File.WriteAllText(_folder["sums.tsv"], string.Concat(Enumerable.Repeat("1+1=?\t2\n1+2=?\t3\n", 30)));
        CliRun.Ok("train", _folder["sums.tsv"], "--format", "text", "--mode", "pairs", "-o", _folder["m.zip"], "--steps", "3",
            "--hidden-size", "8",
            "--seed", "1", "--threads", "1", "--engine", "managed");
        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["m.zip"]);
        double[] expected = [.. model.ScoreAll([TextRow.Pair("1+1=?", "2"), TextRow.Pair("1+2=?", "2")])
            .Select(score => score.LogProbability)];
        File.WriteAllText(_folder["p.txt"], "1+1=?\t2\n1+2=?\t2\n");
        File.WriteAllText(_folder["p.csv"], "text,target\n1+1=?,2\n1+2=?,2\n");
        File.WriteAllText(_folder["q.jsonl"], "{\"q\":\"1+1=?\",\"a\":\"2\"}\n{\"q\":\"1+2=?\",\"a\":\"2\"}\n");

        foreach (string[] ask in (string[][])[["p.txt"], ["p.csv"], ["q.jsonl", "--text-column", "q", "--target-column", "a"]])
        {
            CliRun run = CliRun.Ok(["score", _folder["m.zip"], _folder[ask[0]], "--json", .. ask[1..]]);
            Assert.Equal(expected, run.Lines.Select(line => Json(line).GetProperty("log_probability").GetDouble()));
        }

        Assert.Contains("p.jsonl:1: it has no \"target\", and the model was trained on pairs", Fail("{\"text\":\"1+1=?\"}\n"),
            StringComparison.Ordinal);

        string Fail(string lines)
        {
            File.WriteAllText(_folder["p.jsonl"], lines);
            return CliRun.Of("score", _folder["m.zip"], _folder["p.jsonl"]).Error;
        }
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static double? Number(JsonElement row, string name) =>
        row.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static JsonElement Json(string line) => JsonDocument.Parse(line).RootElement;
}
