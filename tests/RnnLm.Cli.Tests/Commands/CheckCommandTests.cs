using System.Globalization;
using System.Text.Json;
using RnnLm.Cli.Terminal;
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
            $"{SignificantDigits.Of(check.PValue)}\t{(check.IsAnomaly ? "anomaly" : "plausible")}\t")
            + string.Create(CultureInfo.InvariantCulture, $"{check.LeastLikelyPosition}\t{Quoted(check)}\t{text}")),
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
        Assert.Contains("takes at least 9999. Give more rows, or raise --false-positive-rate.", strict.Error.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("is not calibrated. Give good rows that it was not trained on by --held-out FILE", "-t", "the cat")]
    [InlineData("--save goes with --held-out FILE", "-t", "the cat", "--save", "x.zip")]
    [InlineData("--bad goes with --held-out FILE", "-t", "the cat", "--bad", "x.txt")]
    [InlineData("--bad chooses the threshold in place of --false-positive-rate. Leave one of them out.", "-t", "the cat", "--held-out",
        "x.txt", "--bad", "x.txt", "--false-positive-rate", "0.01")]
    [InlineData("--output and --save name one file, 'x.zip'. Name two.", "-t", "the cat", "--held-out", "x.txt", "--save", "./x.zip", "-o",
        "x.zip")]
    [InlineData("--errors and --save name one file, 'x.zip'. Name two.", "--held-out", "x.txt", "--save", "x.zip", "--on-error", "skip",
        "--errors", "x.zip")]
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

    [Fact]
    public void ARowThatTheModelCannotReadIsNamed()
    {
        string[] rows = Rows();
        File.WriteAllLines(_folder["wrong.txt"], [.. rows[..4], "the xat", .. rows[4..]]);
        CliRun.Ok("train", _folder["rows.txt"], "-o", _folder["m.zip"], "--mode", "rows", "--unknown-characters", "throw", "--steps", "2",
            "--hidden-size", "4", "--threads", "1", "--seed", "1", "--engine", "managed");
        foreach (string[] files in (string[][])[["--held-out", _folder["wrong.txt"]],
            ["--held-out", _folder["rows.txt"], "--bad", _folder["wrong.txt"]]])
        {
            CliRun run = CliRun.Of(["check", _folder["m.zip"], "-t", "the cat", .. files]);

            Assert.Equal(1, run.Code);
            Assert.Contains($"{_folder["wrong.txt"]}:5: character 'x' (U+0078) at position 4 is not in the vocabulary", run.Error,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EmptyRowsAreLeftOutAndCounted()
    {
        string[] rows = Rows();
        string[] ask = ["check", models.Song, "-t", "the cat sat", "-t", "xq zz", "--held-out"];
        CliRun whole = CliRun.Ok([.. ask, _folder["rows.txt"]]);
        File.WriteAllLines(_folder["gaps.txt"], rows.SelectMany((row, i) => i < 3 ? (string[])[row, ""] : [row]));

        CliRun run = CliRun.Ok([.. ask, _folder["gaps.txt"]]);

        Assert.Equal(whole.Output, run.Output);
        Assert.Empty(whole.Error);
        Assert.Equal($"warning: {_folder["gaps.txt"]}: 3 empty rows were left out.\n", run.Error);
    }

    [Fact]
    public void InspectTellsOfTheCalibration()
    {
        Rows();
        File.WriteAllText(_folder["bad.txt"], "xq zz jj\nqqq zzz\n");
        Assert.DoesNotContain("calibration", CliRun.Ok("inspect", models.Song).Output, StringComparison.Ordinal);

        Assert.Equal("200 held-out rows; an anomaly has a p-value of at most 0.05, which is the false-positive rate",
            Calibrated("--false-positive-rate", "0.05"));
        Assert.EndsWith("; two-sided: what is much too likely is an anomaly too", Calibrated("--two-sided"), StringComparison.Ordinal);
        Assert.Matches("^200 held-out rows; an anomaly has a p-value of at most 0[.][0-9]+, chosen by bad rows$",
            Calibrated("--bad", _folder["bad.txt"]));

        string Calibrated(params string[] options)
        {
            CliRun.Ok(["check", models.Song, "--held-out", _folder["rows.txt"], "--save", _folder["c.zip"], "-f", .. options]);
            return CliRun.Ok("inspect", _folder["c.zip"]).Lines.Single(line => line.StartsWith("calibration ", StringComparison.Ordinal))
                ["calibration".Length..].Trim();
        }
    }

    /// <summary>Few good rows are enough where bad ones choose the threshold: no rate has to be raised, which could not be.</summary>
    [Fact]
    public void FewRowsAreEnoughBesideBadOnes()
    {
        File.WriteAllLines(_folder["few.txt"], Rows().Take(20));
        File.WriteAllText(_folder["bad.txt"], "xq zz jj\n");
        string[] ask = ["check", models.Song, "-t", "xq zz jj", "--held-out", _folder["few.txt"]];

        Assert.Contains("\tanomaly\t", CliRun.Ok([.. ask, "--bad", _folder["bad.txt"]]).Output, StringComparison.Ordinal);
        File.WriteAllText(_folder["few.txt"], "the cat\n");
        Assert.Contains("there is 1 held-out row, but a false-positive rate of 0.01 takes at least 99.", CliRun.Of(ask).Error,
            StringComparison.Ordinal);
    }

    /// <summary>Lines of a condition and a tab may be in a *.tsv, which training reads as lines.</summary>
    [Fact]
    public void LinesInATableMayHaveConditions()
    {
        File.WriteAllText(_folder["held.tsv"], string.Concat(Enumerable.Repeat("cat\tmiau\ndog\twau\n", 60)));
        string[] ask = ["check", models.Kinds, "--held-out", _folder["held.tsv"], "-t", "miau", "-c", "cat"];

        CliRun run = CliRun.Of([.. ask, "--conditions"]);

        Assert.Equal(2, run.Code);
        Assert.Contains("say --input-format text", run.Error, StringComparison.Ordinal);
        Assert.Contains("say --no-header", run.Error, StringComparison.Ordinal);
        Assert.Contains("say --no-header", CliRun.Of([.. ask]).Error, StringComparison.Ordinal);
        string lines = CliRun.Ok([.. ask, "--conditions", "--input-format", "text"]).Output;
        Assert.Equal(lines, CliRun.Ok([.. ask, "--no-header", "--text-column", "1", "--condition-column", "0"]).Output);
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
