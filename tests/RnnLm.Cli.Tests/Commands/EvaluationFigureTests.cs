using System.Text.Json;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Runtime;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

/// <summary>Holds what the commands say of texts to what PyTorch and <see cref="RnnLanguageModel"/> say of the same rows: counts to the
/// unit, means to a millionth of a nat.</summary>
public sealed class EvaluationFigureTests : IDisposable
{
    private static readonly string[] Names = ["Anna", "Bela", "Cora", "Dietrich", "Eva", "Zoë"];
    private static readonly string[] Small =
        ["--hidden-size", "8", "--embedding-size", "4", "--batch-size", "4", "--steps", "3", "--seed", "1", "--engine", "managed"];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Models => PyTorchFigures.LanguageModelNames;

    [Theory]
    [MemberData(nameof(Models))]
    public void EvaluateSaysWhatPyTorchSays(string name)
    {
        PyTorchFigures.LanguageFigures fixture = Save(name);
        (string, string[])[] ways = fixture.Mode == DataMode.Stream ? [("t.txt", [])] :
        [
            ("t.txt", Conditions(fixture, "--conditions")),
            ("t.csv", ["--text-column", "Text", .. Target(fixture), .. Conditions(fixture, "--condition-column", "Kind")]),
            ("t.tsv", ["--format", "tsv", "--text-column", "1", .. Target(fixture), .. Conditions(fixture, "--condition-column", "0")]),
        ];
        Write(fixture, fixture.Rows, "t");

        foreach ((string file, string[] options) in ways)
            AssertClose(fixture.Total, Evaluate(_folder[file], options)[0]);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void TrainSaysOfItsValidationDataWhatEvaluateSays(string name)
    {
        PyTorchFigures.LanguageFigures fixture = Save(name);
        Write(fixture, fixture.Rows, "t");
        string[] options = Conditions(fixture, "--conditions");
        // A step that changes nothing.
        string[] train = ["train", _folder["t.txt"], "--validation", _folder["t.txt"], "--previous", _folder["m.zip"], "-o",
            _folder["further.zip"], "--force", .. options,
            "--mode", fixture.Mode.ToString().ToLowerInvariant(), "--optimizer", "sgd", "--learning-rate", "1e-30", "--steps", "1",
            "--engine", "managed"];

        JsonElement done = JsonDocument.Parse(CliRun.Ok([.. train, "--json"]).Lines[^1]).RootElement;
        CliRun text = CliRun.Ok(train);

        TextEvaluation expected = fixture.Total;
        Assert.Equal((expected.Count, expected.UnknownCharacters),
            (done.GetProperty("validation_characters").GetInt64(), done.GetProperty("validation_unknown_characters").GetInt64()));
        Assert.Equal(expected.NatsPerCharacter, done.GetProperty("validation_loss").GetDouble(), 1e-6);
        Assert.Equal(expected.BitsPerCharacter, done.GetProperty("validation_bits_per_character").GetDouble(), 2e-6);
        Assert.Equal(expected.BitsPerByte, done.GetProperty("validation_bits_per_byte").GetDouble(), 2e-6);
        Assert.Equal(expected.Perplexity, done.GetProperty("validation_perplexity").GetDouble(), 2e-6 * expected.Perplexity);
        Assert.Equal(expected.KnownPerplexity, done.GetProperty("validation_known_perplexity").GetDouble(),
            2e-6 * expected.KnownPerplexity);
        AssertClose(expected, Evaluate(_folder["t.txt"], options)[0]);
        Assert.Contains($"validation loss {expected.NatsPerCharacter:F4} nats per character ({expected.BitsPerCharacter:F3} bits, ",
            text.Output, StringComparison.Ordinal);
        Assert.Contains($"{expected.BitsPerByte:F3} bits per byte", text.Output, StringComparison.Ordinal);
        Assert.Contains($"perplexity {expected.Perplexity:F3}", text.Output, StringComparison.Ordinal);
        if (expected.UnknownCharacters > 0)
            Assert.Contains($"without the {expected.UnknownShare:P0} unknown characters "
                + $"{expected.KnownNatsPerCharacter / Math.Log(2):F3} bits", text.Output, StringComparison.Ordinal);

        CliRun.Ok("report", _folder["further.zip"], "-o", _folder["r.html"], "--force");
        Dictionary<string, string> figures = ReportModels.Data(_folder["r.html"]).GetProperty("figures").EnumerateArray()
            .ToDictionary(f => f.GetProperty("name").GetString()!, f => f.GetProperty("value").GetString()!);
        Assert.Equal(($"{expected.Perplexity:F2}", $"{expected.BitsPerCharacter:F3}", $"{expected.BitsPerByte:F3}"),
            (figures["perplexity"], figures["bits per character"], figures["bits per byte"]));
        Assert.Equal(expected.UnknownCharacters > 0 ? $"{expected.UnknownShare:P0}" : null,
            figures.GetValueOrDefault("unknown characters"));
        Assert.Equal(expected.UnknownCharacters > 0 ? $"{expected.KnownPerplexity:F2}" : null,
            figures.GetValueOrDefault("perplexity without them"));
        Assert.Contains($"{expected.Count:N0} characters, {expected.BitsPerByte:F4} bits per byte",
            CliRun.Ok("inspect", _folder["further.zip"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TrainingFurtherOnUnknownCharactersIsWarnedOfBeforeAndAfter()
    {
        PyTorchFigures.LanguageFigures fixture = Save("rows");
        File.WriteAllLines(_folder["han.txt"], ["床前明月光", "疑是地上霜", "举头望明月", "低头思故乡", "Anna"]);

        CliRun run = CliRun.Ok("train", _folder["han.txt"], "--validation", _folder["han.txt"], "--previous", _folder["m.zip"], "-o",
            _folder["further.zip"], "--mode", "rows", "--steps", "20", "--engine", "managed");

        string error = string.Join(' ', run.Error.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("20 characters (83 %) of the training data", error, StringComparison.Ordinal);
        Assert.Contains("20 characters (83 %) of the validation data", error, StringComparison.Ordinal);
        Assert.Contains("Loss and perplexity mostly say how well these are told from known ones", error, StringComparison.Ordinal);
        using RnnLanguageModel further = RnnLanguageModel.Load(_folder["further.zip"]);
        TextEvaluation expected = further.Evaluate(File.ReadLines(_folder["han.txt"]).Select(TextRow.Row));
        Assert.Equal((29, 20), (expected.Count, expected.UnknownCharacters));
        Assert.True(expected.Perplexity < expected.KnownPerplexity);
        Assert.Contains($"warning: {expected.UnknownShare:P0} of the characters of the validation data (20) are unknown to the model",
            error, StringComparison.Ordinal);
        Assert.Contains($"Without them the perplexity is {expected.KnownPerplexity:F3}.", error, StringComparison.Ordinal);
        Assert.Contains($"without the {expected.UnknownShare:P0} unknown characters", run.Output, StringComparison.Ordinal);
        Assert.Contains($"perplexity {expected.KnownPerplexity:F3})", run.Output, StringComparison.Ordinal);
        Assert.Matches($@"perplexity [\d.]+ \({expected.UnknownShare:P0} unknown\)", error);
        Assert.Contains("characters of han.txt (20) are unknown to", CliRun.Ok("report", _folder["further.zip"], "--text",
            _folder["han.txt"], "-o", _folder["r.html"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralFilesAndFoldersAddUp()
    {
        PyTorchFigures.LanguageFigures fixture = Save("rows");
        Directory.CreateDirectory(_folder["texts"]);
        Write(fixture, fixture.Rows[..3], "texts/a");
        Write(fixture, fixture.Rows[3..], "texts/b");
        File.Delete(_folder["texts/a.csv"]);
        File.Delete(_folder["texts/b.csv"]);

        foreach (string[] files in (string[][])[[_folder["texts/a.txt"], _folder["texts/b.txt"]], [_folder["texts"]]])
        {
            JsonElement[] lines = [.. CliRun.Ok(["evaluate", _folder["m.zip"], .. files, "--json"]).Lines.Select(line =>
                JsonDocument.Parse(line).RootElement)];

            Assert.Equal(3, lines.Length);
            AssertClose(Sum(fixture.Rows[..3]), lines[0]);
            AssertClose(Sum(fixture.Rows[3..]), lines[1]);
            Assert.Equal("all", lines[2].GetProperty("text").GetString());
            AssertClose(fixture.Total, lines[2]);
        }
    }

    [Fact]
    public void ModelsThatAreComparedReadTheSameText()
    {
        PyTorchFigures.LanguageFigures first = Save("rows");
        using var second = new RnnLanguageModel(new LoadedModel(PyTorchFigures.LanguageModels.Single(model =>
            model.Name == "rows with conditions").ToSaved() with { Conditions = [] }, new DeviceOptions()));
        ModelArchive.Save(_folder["second.zip"],
            second.Saved with { Config = second.Config with { Conditions = 0 }, Weights = WithoutConditions(second.Saved) });
        using RnnLanguageModel other = RnnLanguageModel.Load(_folder["second.zip"]);
        Write(first, first.Rows, "t");

        JsonElement[] lines = [.. Evaluate(_folder["t.txt"], "--compare", _folder["second.zip"])];

        AssertClose(first.Total, lines[0]);
        AssertClose(other.Evaluate(first.Rows.Select(row => row.ToRow())), lines[1]);
    }

    [Fact]
    public void RowsOfATableMakeOneRunningText()
    {
        PyTorchFigures.LanguageFigures fixture = Save("running text, unknown token");
        File.WriteAllText(_folder["t.csv"], "Text\nthe cat,\n\"a \"\"dog\"\"\"\n".Replace("cat,", "cat", StringComparison.Ordinal));

        using RnnLanguageModel model = fixture.ToModel();
        AssertClose(model.Score("the cat\na \"dog\"").Evaluation, Evaluate(_folder["t.csv"], "--text-column", "Text")[0]);
    }

    [Fact]
    public void ValidationOnTextAndTrainingOnATableAreReadEachInItsWay()
    {
        File.WriteAllLines(_folder["t.csv"], ["Text", .. Enumerable.Repeat("ab", 50)]);
        File.WriteAllText(_folder["v.txt"], "ab\nab\nab\n");
        CliRun.Ok(["train", _folder["t.csv"], "--validation", _folder["v.txt"], "-o", _folder["m.zip"], .. Small]);

        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["m.zip"]);
        Assert.Equal("\nab", string.Concat(model.Vocabulary.Characters));
    }

    [Fact]
    public void EvaluateCountsEachCharacterOfARowAndItsEnd()
    {
        File.WriteAllLines(_folder["names.txt"], Names);
        CliRun.Ok(["train", _folder["names.txt"], "-o", _folder["m.zip"], "--mode", "rows", .. Small]);

        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["m.zip"]);
        TextEvaluation expected = model.ScoreAll(Names).Aggregate(default(TextEvaluation), (sum, score) => sum + score.Evaluation);
        Assert.Equal((Names.Sum(name => name.Length + 1), Names.Sum(name => name.Length + 1) + 1), (expected.Count, expected.KnownBytes));
        AssertClose(expected, Evaluate(_folder["names.txt"])[0]);
    }

    [Fact]
    public void AReportExpectsEachCharacterOfARowAndItsEnd()
    {
        PyTorchFigures.LanguageFigures fixture = Save("rows");
        Write(fixture, fixture.Rows, "t");

        foreach (string[] text in (string[][])[["t.txt"], ["t.csv", "--text-column", "Text"]])
        {
            CliRun.Ok(["report", _folder["m.zip"], "--force", "-o", _folder["r.html"], "--text", _folder[text[0]], .. text[1..]]);

            JsonElement reading = ReportModels.Data(_folder["r.html"]).GetProperty("reading");
            double[] probabilities = [.. reading.GetProperty("probabilities").EnumerateArray().Select(p => p.GetDouble())];
            Assert.Equal(fixture.Total.Count, probabilities.Length);
            Assert.Equal(fixture.Total.Count, reading.GetProperty("guesses").EnumerateArray().Count(guess => guess.GetArrayLength() > 0));
            Assert.Equal(fixture.Total.LogProbability / fixture.Total.Count, probabilities.Average(Math.Log), 5e-6);
        }
    }

    [Fact]
    public void FiguresStandSideBySideInATable()
    {
        PyTorchFigures.LanguageFigures fixture = Save("rows");
        File.WriteAllLines(_folder["t.txt"], ["Anna", "Zoë"]);
        using RnnLanguageModel model = fixture.ToModel();
        TextEvaluation expected = model.Evaluate(["Anna", "Zoë"]);

        CliRun run = CliRun.Ok("evaluate", _folder["m.zip"], _folder["t.txt"]);

        Assert.Equal(["model", "text", "characters", "nats/char", "bits/char", "bits/byte", "perplexity"],
            run.Lines[0].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Equal(
            [_folder["m.zip"], _folder["t.txt"], "9", $"{expected.NatsPerCharacter:F4}", $"{expected.BitsPerCharacter:F4}",
                $"{expected.BitsPerByte:F4}", $"{expected.Perplexity:F4}"],
            run.Lines[1].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Empty(run.Error);
        Assert.Equal(expected.BitsPerCharacter * 9 / 10, expected.BitsPerByte, 1e-9);
    }

    [Theory]
    [InlineData("rows", "mostly says how well unknown characters are told from known ones. Without them the perplexity is")]
    [InlineData("running text, unknown left out", "is that of the few others. Without them the perplexity is")]
    public void MostlyUnknownTextIsAWarningWithTheFigureWithoutIt(string name, string words)
    {
        PyTorchFigures.LanguageFigures fixture = Save(name);
        string[] lines = ["床前明月光，疑是地上霜。", "on举头望明月，低头思故乡。"];
        File.WriteAllLines(_folder["han.txt"], lines);
        using RnnLanguageModel model = fixture.ToModel();
        TextEvaluation expected = fixture.Mode == DataMode.Stream
            ? model.Score(string.Concat(lines.Select(line => line + "\n"))).Evaluation
            : model.Evaluate(lines.Select(TextRow.Row));
        Assert.Equal(24, expected.UnknownCharacters);

        CliRun run = CliRun.Ok("evaluate", _folder["m.zip"], _folder["han.txt"]),
            json = CliRun.Ok("evaluate", _folder["m.zip"], _folder["han.txt"], "--json");

        // The console breaks lines.
        foreach (string error in new[] { run.Error,
            json.Error }.Select(text => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))))
        {
            Assert.Contains($"warning: {expected.UnknownShare:P0} of the characters of '{_folder["han.txt"]}' (24) are unknown to "
                + $"'{_folder["m.zip"]}'", error, StringComparison.Ordinal);
            Assert.Contains($"{words} {expected.KnownPerplexity:F3}.", error, StringComparison.Ordinal);
        }

        Assert.Contains($"{expected.Count} (24 unknown, {expected.UnknownShare:P0})", run.Lines[1], StringComparison.Ordinal);
        Assert.Contains("without the unknown", run.Lines[2], StringComparison.Ordinal);
        Assert.Contains($"{expected.KnownPerplexity:F4}", run.Lines[2], StringComparison.Ordinal);
        AssertClose(expected, JsonDocument.Parse(json.Lines[0]).RootElement);
    }

    [Fact]
    public void ConditionsAreNeverTakenForText()
    {
        PyTorchFigures.LanguageFigures fixture = Save("rows with conditions");
        Write(fixture, fixture.Rows, "t");
        File.WriteAllLines(_folder["plain.txt"], ["miau", "wau"]);
        using RnnLanguageModel model = fixture.ToModel();

        foreach (string[] command in (string[][])[["evaluate", _folder["m.zip"], _folder["t.txt"]],
            ["report", _folder["m.zip"], "-o", _folder["r.html"], "--text", _folder["t.txt"]]])
        {
            CliRun refused = CliRun.Of(command);
            Assert.Equal(2, refused.Code);
            Assert.Contains("lines that begin with 'cat', a condition of", refused.Error, StringComparison.Ordinal);
            Assert.Contains("Say --conditions", refused.Error, StringComparison.Ordinal);
        }

        CliRun run = CliRun.Ok("evaluate", _folder["m.zip"], _folder["plain.txt"], "--json");
        Assert.Contains($"warning: '{_folder["m.zip"]}' has conditions, and none are read with '{_folder["plain.txt"]}'", run.Error,
            StringComparison.Ordinal);
        AssertClose(model.Evaluate(["miau", "wau"]), JsonDocument.Parse(run.Lines[0]).RootElement);
        Assert.DoesNotContain("has conditions", CliRun.Ok("evaluate", _folder["m.zip"], _folder["t.txt"], "--conditions").Error,
            StringComparison.Ordinal);
    }

    private static ModelWeights WithoutConditions(SavedModel model)
    {
        var weights = new ModelWeights(model.Config with { Conditions = 0 });
        foreach (WeightTensor tensor in weights)
            model.Weights[tensor.Name].Values.CopyTo(tensor.Values, 0);
        return weights;
    }

    private static string[] Target(PyTorchFigures.LanguageFigures fixture) =>
        fixture.Mode == DataMode.Pairs ? ["--target-column", "2"] : [];

    private static string[] Conditions(PyTorchFigures.LanguageFigures fixture, params string[] options) =>
        fixture.Conditions.Length > 0 ? options : [];

    private static TextEvaluation Sum(IEnumerable<PyTorchFigures.RowFigures> rows) =>
        rows.Aggregate(default(TextEvaluation), (sum, row) => sum + row.Figures);

    private static void AssertClose(TextEvaluation expected, JsonElement line)
    {
        long Whole(string name) => line.GetProperty(name).GetInt64();
        double Number(string name) => line.GetProperty(name).GetDouble();
        Assert.Equal(
            (expected.Count, expected.UnknownCharacters, expected.KnownCount, expected.KnownBytes),
            (Whole("characters"), Whole("unknown_characters"), Whole("known_characters"), Whole("known_bytes")));
        Assert.Equal(expected.NatsPerCharacter, Number("nats_per_character"), 1e-6);
        Assert.Equal(expected.NatsPerCharacter / Math.Log(2), Number("bits_per_character"), 2e-6);
        Assert.Equal(Math.Exp(expected.NatsPerCharacter), Number("perplexity"), 2e-6 * expected.Perplexity);
        Assert.Equal(expected.KnownNatsPerCharacter, Number("known_nats_per_character"), 1e-6);
        Assert.Equal(Math.Exp(expected.KnownNatsPerCharacter), Number("known_perplexity"), 2e-6 * expected.KnownPerplexity);
        Assert.Equal(-expected.KnownLogProbability / Math.Log(2) / expected.KnownBytes, Number("bits_per_byte"), 2e-6);
        Assert.Equal(expected.UnknownCharacters / (double)(expected.KnownCount + expected.UnknownCharacters), Number("unknown_share"),
            1e-12);
    }

    private PyTorchFigures.LanguageFigures Save(string name)
    {
        PyTorchFigures.LanguageFigures fixture = PyTorchFigures.LanguageModels.Single(model => model.Name == name);
        ModelArchive.Save(_folder["m.zip"], fixture.ToSaved());
        return fixture;
    }

    /// <summary>Writes rows as a text, and as a table with commas and one with tabs.</summary>
    private void Write(PyTorchFigures.LanguageFigures fixture, PyTorchFigures.RowFigures[] rows, string name)
    {
        if (fixture.Mode == DataMode.Stream)
        {
            File.WriteAllText(_folder[name + ".txt"], rows[0].Text);
            return;
        }

        File.WriteAllLines(_folder[name + ".txt"], rows.Select(row => string.Join('\t',
            ((string?[])[fixture.Conditions.Length > 0 ? row.Condition ?? "" : null, row.Text, row.Target]).OfType<string>())));
        foreach ((string ending, char separator) in new[] { (".csv", ','), (".tsv", '\t') })
            File.WriteAllLines(_folder[name + ending], ["Kind,Text,Target".Replace(',', separator),
                .. rows.Select(row => string.Join(separator, row.Condition, row.Text, row.Target))]);
    }

    private JsonElement[] Evaluate(string file, params string[] options) =>
        [.. CliRun.Ok(["evaluate", _folder["m.zip"], file, .. options, "--json"]).Lines.Select(line =>
        JsonDocument.Parse(line).RootElement)];
}
