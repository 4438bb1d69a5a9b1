using System.Globalization;
using System.Text.Json;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>The check of texts on the command line.</summary>
public sealed class CheckCommandTests(ReportModels models) : IClassFixture<ReportModels>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ItPrintsWhatTheLibraryFindsInEveryForm()
    {
        string[] rows = Rows();
        using RnnLanguageModel model = RnnLanguageModel.Load(models.Song);
        AnomalyDetector detector = model.Calibrate(rows.Select(TextRow.Row), new AnomalyOptions { FalsePositiveRate = 0.05 });
        string[] texts = ["the cat sat", "xq zz jj"];
        TextCheck[] expected = [.. texts.Select(text => detector.Check(text))];
        Assert.Equal([false, true], expected.Select(check => check.IsAnomaly));

        CliRun calibrated = CliRun.Ok("check", models.Song, "--held-out", _folder["rows.txt"], "--false-positive-rate", "0.05",
            "--save", _folder["checked.zip"]);
        Assert.Empty(calibrated.Output);
        CliRun run = CliRun.Ok("check", _folder["checked.zip"], "-t", "the cat sat", "-t", "xq zz jj");

        Assert.Equal(expected.Zip(texts, (check, text) => string.Create(CultureInfo.InvariantCulture,
            $"{check.PValue:F4}\t{(check.IsAnomaly ? "anomaly" : "plausible")}\t{check.LeastLikelyPosition}\t{Quoted(check)}\t{text}")),
            run.Lines);
        Assert.Equal(run.Lines, CliRun.With("the cat sat\nxq zz jj\n", default, "check", _folder["checked.zip"]).Lines);
        Assert.Equal(run.Lines, CliRun.With("the cat sat\nxq zz jj\n", default, "check", _folder["checked.zip"], "-").Lines);

        const string InJson = "{\"key\": 1, \"text\": \"the cat sat\"}\n\n{\"text\": \"xq zz jj\", \"anomaly\": 7}\n";
        JsonElement[] lines = [.. CliRun.Ok(["check", _folder["checked.zip"], "--json",
            .. texts.SelectMany(text => (string[])["-t", text])]).Lines.Select(Json)];
        JsonElement[] kept = [.. CliRun.With(InJson, default, "check", _folder["checked.zip"], "--jsonl").Lines.Select(Json)];
        Assert.Equal(1, kept[0].GetProperty("key").GetInt32());
        foreach (JsonElement[] written in (JsonElement[][])[lines, kept])
        {
            Assert.Equal(texts, written.Select(line => line.GetProperty("text").GetString()));
            Assert.Equal(expected, written.Select(line => new TextCheck(line.GetProperty("score").GetDouble(),
                line.GetProperty("nats_per_character").GetDouble(), line.GetProperty("p_value").GetDouble(),
                line.GetProperty("anomaly").GetBoolean(), line.GetProperty("position").GetInt32(),
                line.GetProperty("suggestion").GetString())));
        }

        CliRun strict = CliRun.Of("check", _folder["checked.zip"], "-t", "the cat", "--false-positive-rate", "0.0001");
        Assert.Equal(1, strict.Code);
        Assert.Contains("takes at least 9999. Give more rows, or raise --false-positive-rate", strict.Error.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("is not calibrated. Give good rows that it was not trained on by --held-out FILE", "-t", "the cat")]
    [InlineData("--save goes with --held-out FILE", "-t", "the cat", "--save", "x.zip")]
    [InlineData("--bad goes with --held-out FILE", "-t", "the cat", "--bad", "x.txt")]
    [InlineData("'the cat' does not exist. Give a file or a folder of rows, - for the standard input, or a text by --text.", "the cat")]
    [InlineData("the model has no conditions, so 'x' means nothing to it", "-t", "the cat", "-c", "x")]
    public void WrongUseIsSaid(string fault, params string[] arguments)
    {
        CliRun run = CliRun.Of(["check", models.Song, .. arguments]);
        Assert.Equal(2, run.Code);
        Assert.Contains(fault, run.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--false-positive-rate must be above 0 and below 1, but is NaN", "NaN")]
    [InlineData(2, "--false-positive-rate must be above 0 and below 1, but is 0", "0")]
    [InlineData(1, "there are 200 held-out rows, but a false-positive rate of 0.001 takes at least 999", "0.001")]
    public void RatesThatCannotBeKeptAreRefused(int code, string fault, string rate)
    {
        Rows();
        CliRun run = CliRun.Of("check", models.Song, "--held-out", _folder["rows.txt"], "-t", "the cat", "--false-positive-rate", rate);
        Assert.Equal(code, run.Code);
        Assert.Contains(fault, run.Error.ReplaceLineEndings(" "), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void BadRowsChooseTheThreshold()
    {
        Rows();
        File.WriteAllText(_folder["bad.txt"], "xq zz jj\nqqq zzz\n");
        CliRun run = CliRun.Ok("check", models.Song, "--held-out", _folder["rows.txt"], "--bad", _folder["bad.txt"], "-t", "the cat sat",
            "-t", "xq zz jj");
        Assert.Equal(["plausible", "anomaly"], run.Lines.Select(line => line.Split('\t')[1]));
    }

    private static string Quoted(TextCheck check) => check.Suggestion is null ? "" : $"'{check.Suggestion}'";

    private static JsonElement Json(string line) => JsonDocument.Parse(line).RootElement;

    /// <summary>Writes good rows, which differ in length and words, to rows.txt.</summary>
    private string[] Rows()
    {
        string[] words = ["the cat", "sat on", "the mat", "the dog", "and the log", "the cat sat on the mat"];
        string[] rows = [.. Enumerable.Range(0, 200).Select(i => $"{words[i % 6]} {words[i / 6 % 6]}")];
        File.WriteAllLines(_folder["rows.txt"], rows);
        return rows;
    }
}
