using System.Text.Json;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

/// <summary>The report on privacy, through the command line.</summary>
public sealed class PrivacyCommandTests(PrivacyModels models, Browser browser) : IClassFixture<PrivacyModels>, IClassFixture<Browser>,
    IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FiguresAreThoseOfTheLibraryAsColumnsAndAsJson()
    {
        string[] files = ["--train", models["articles.txt"], "--generated", models["rows.txt"], "--held-out", models["real.txt"]];
        PrivacyReport expected = PrivacyReport.Compare(Rows("articles.txt"), Rows("rows.txt"), Rows("real.txt"));
        JsonElement json = Json(files);
        string table = Run(files).Output;

        Assert.Equal(400, json.GetProperty("training_rows").GetInt64());
        foreach ((string name, RowPrivacy set) in new[] { ("generated", expected.Generated), ("held_out", expected.HeldOut!) })
        {
            JsonElement found = json.GetProperty(name);
            Assert.Equal(
                (set.Rows, set.Copies, set.Repeats, set.NearCopies, set.CopyShare, set.NearCopyShare),
                (Whole("rows"), Whole("copies"), Whole("repeats"), Whole("near_copies"), found.GetProperty("copy_share").GetDouble(),
                found.GetProperty("near_copy_share").GetDouble()));
            foreach ((string figure, RowDistribution values) in new[] { ("distance", set.Distances), ("run", set.Runs) })
            {
                Assert.Equal(
                    (values.Min, values.Quantile(0.01), values.Quantile(0.05), values.Median, values.Mean, values.Max),
                    (Part("min"), Part("p1"), Part("p5"), Part("median"), Part("mean"), Part("max")));
                Assert.Equal(set.Compared,
                    json.GetProperty(figure + "_histogram").EnumerateArray().Sum(bin => bin.GetProperty(name).GetInt32()));

                double Part(string part) => found.GetProperty(figure).GetProperty(part).GetDouble();
            }

            long Whole(string figure) => found.GetProperty(figure).GetInt64();
        }

        Assert.Equal(expected.Comparison.ToString().ToLowerInvariant(), json.GetProperty("comparison").GetString());
        Assert.Equal(["copies", "repeats", "distance", "near_copies", "run"],
            json.GetProperty("figures").EnumerateArray().Select(figure => figure.GetProperty("figure").GetString()));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("exposure").ValueKind);
        Assert.Matches($@"\ncopies of a training row +{expected.Generated.Copies} \(.*%\) +{expected.HeldOut!.Copies} \(", table);
        Assert.Contains(json.GetProperty("verdict").GetString()!, table, StringComparison.Ordinal);
        // Figures alone: no text of any row.
        Assert.All(File.ReadLines(models["rows.txt"]).Concat(File.ReadLines(models["real.txt"])),
            row => Assert.DoesNotContain(row, table + json, StringComparison.Ordinal));
    }

    /// <summary>The rows that training kept apart are held out: none of them is a training row, and together they are all.</summary>
    [Fact]
    public void TheRowsThatTrainingKeptApartAreHeldOut()
    {
        JsonElement json = Json("--train", models["articles.txt"], "--generated", models["articles.txt"], "--near-copy-threshold", "0");

        Assert.Equal((360, 40),
            (json.GetProperty("training_rows").GetInt32(), json.GetProperty("held_out").GetProperty("rows").GetInt32()));
        Assert.Equal("articles.txt: 40 rows kept apart for validation", json.GetProperty("held_out").GetProperty("file").GetString());
        Assert.Equal(0, json.GetProperty("held_out").GetProperty("copies").GetInt32());
        Assert.Equal(360, json.GetProperty("generated").GetProperty("copies").GetInt32());
        // The validation loss that training saved is that of these rows.
        using RnnLanguageModel model = RnnLanguageModel.Load(models["articles.zip"]);
        TextRow[] rows = [.. Rows("articles.txt")];
        (_, int[] apart) = Data.CorpusPart.SplitRows(rows.Length, 0.1, 1);
        Assert.Equal(model.TrainingSummary!.ValidationLoss!.Value, model.Evaluate(apart.Select(row => rows[row])).NatsPerCharacter, 4);
    }

    [Fact]
    public void GeneratedRowsAreReadInEveryFormatThatGenerateWrites()
    {
        string names = models["names.zip"], train = models["names.txt"];
        foreach (string file in (string[])["rows.txt", "rows.csv", "rows.jsonl"])
            CliRun.Ok("generate", names, "-n", "80", "--seed", "4", "-o", _folder[file]);
        File.WriteAllLines(_folder["real.txt"], ["it\tCarla", "de\tEmil"]);
        File.WriteAllText(_folder["other.csv"],
            "id;Name\n".Replace(';', ',') + string.Concat(File.ReadLines(_folder["rows.txt"]).Select((row, i) => $"{i},\"{row}\"\r\n")));

        string[] ask = ["--train", train, "--held-out", _folder["real.txt"]];
        JsonElement[] found = [.. ((string[])["rows.txt", "rows.csv", "rows.jsonl"]).Select(file => Of(names, [.. ask, "--generated",
            _folder[file]])), Of(names, [.. ask, "--generated", _folder["other.csv"], "--generated-column", "Name"])];
        Assert.All(found, json => Assert.Equal(Without(found[0]), Without(json)));
        // Conditions are no part of a text: the training file is read as it was in training.
        Assert.True(found[0].GetProperty("generated").GetProperty("copies").GetInt32() > 20);
        Assert.Contains("Say --generated-conditions", Fail(2, names, [.. ask, "--generated", train]).Error, StringComparison.Ordinal);
        Assert.Equal(180, Of(names, [.. ask, "--generated", train, "--generated-conditions"]).GetProperty("generated").GetProperty("copies")
            .GetInt32());
        Assert.Contains("has no column 'Text': its first line names id, Name. Name the column with the generated text by "
            + "--generated-column",
            Fail(2, names, [.. ask, "--generated", _folder["other.csv"]]).Error, StringComparison.Ordinal);
        Assert.Contains("has no column 'X': its first line names id, Name",
            Fail(2, names, [.. ask, "--generated", _folder["other.csv"], "--generated-column", "X"]).Error, StringComparison.Ordinal);
        File.WriteAllLines(_folder["bad.jsonl"], ["{\"Text\": \"Anna\"}", "{\"Name\": \"Anna\"}"]);
        Assert.Contains("bad.jsonl:2: there is no text \"Text\" in this object",
            Fail(1, names, [.. ask, "--generated", _folder["bad.jsonl"]]).Error, StringComparison.Ordinal);

        // A table without names has a row in their place, which is not to be lost.
        foreach (string file in (string[])["plain.tsv", "plain.csv"])
        {
            File.WriteAllText(_folder[file], "Carla\nAnna\n");
            Assert.Contains("has no column 'Text': its first line names Carla.",
                Fail(2, names, [.. ask, "--generated", _folder[file]]).Error, StringComparison.Ordinal);
        }

        File.WriteAllText(_folder["one.csv"], "Name\nCarla\nAnna\n");
        Assert.Equal(2, Of(names, [.. ask, "--generated", _folder["one.csv"], "--generated-column", "Name"]).GetProperty("generated")
            .GetProperty("rows").GetInt32());

        static string Without(JsonElement json) => json.GetProperty("generated").GetProperty("distance")
            .ToString() + json.GetProperty("generated").GetProperty("copies") + json.GetProperty("verdict");
    }

    [Fact]
    public void TheTrainingFileItselfIsAllCopiesAndThatIsSaid()
    {
        CliRun run = Run("--train", models["articles.txt"], "--generated", models["articles.txt"], "--held-out", models["real.txt"]);

        Assert.Contains("articles.txt', given for generated rows, is a training file: each of its rows is a copy.", run.Error,
            StringComparison.Ordinal);
        Assert.Matches(@"\ncopies of a training row +400 \(100 %\)", run.Output);
        Assert.Contains("The model repeats training rows more often than chance does.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsComeThroughThePipeToo()
    {
        CliRun run = CliRun.With(
            "AX-1000-A\r\n\r\nAX-1000-A\r\n", default, "privacy", models["articles.zip"], "--train", models["articles.txt"], "--generated",
            "-", "--held-out", models["real.txt"], "--json");

        JsonElement rows = JsonDocument.Parse(run.Output).RootElement.GetProperty("generated");
        Assert.Equal((2, 2, 1),
            (rows.GetProperty("rows").GetInt32(), rows.GetProperty("copies").GetInt32(), rows.GetProperty("repeats").GetInt32()));
    }

    [Theory]
    [InlineData(2, "There is nothing to look at: give --train and --generated, to compare rows, or --canaries")]
    [InlineData(2, "--generated is missing", "--train", "articles.txt")]
    [InlineData(2, "--train is missing", "--generated", "rows.txt")]
    [InlineData(2, "--held-out needs --train and --generated", "--held-out", "real.txt", "--canaries", "x.json")]
    [InlineData(2, "'nowhere.txt' does not exist", "--train", "articles.txt", "--generated", "nowhere.txt")]
    [InlineData(2, "--canaries: 'nowhere.json' does not exist", "--canaries", "nowhere.json")]
    [InlineData(1, "this is not a file of canaries", "--canaries", "rows.txt")]
    [InlineData(1, "empty.json: this is not a file of canaries: it has no \"format\"", "--canaries", "empty.json")]
    [InlineData(2, "it was trained on 400 rows of articles.txt, but real.txt has 60", "--train", "real.txt", "--generated", "rows.txt")]
    [InlineData(2, "--near-copy-threshold must be from 0 to 1", "--train", "articles.txt", "--generated", "rows.txt",
        "--near-copy-threshold", "1.5")]
    [InlineData(2, "--sample must be at least 0", "--train", "articles.txt", "--generated", "rows.txt", "--sample", "-1")]
    [InlineData(1, "there are no generated rows to compare", "--train", "articles.txt", "--generated", "empty.txt")]
    [InlineData(1, "there are no training rows to compare with", "--train", "empty.txt", "--generated", "rows.txt", "--held-out",
        "real.txt")]
    [InlineData(2, "is an input of this command, and is never written over", "--train", "articles.txt", "--generated", "rows.txt", "-o",
        "rows.txt", "--force")]
    [InlineData(2, "is an input of this command, and is never written over", "--train", "articles.txt", "--generated", "rows.txt", "-o",
        "articles.zip", "--force")]
    public void WrongUseSaysWhatIsWrong(int code, string fault, params string[] arguments)
    {
        File.WriteAllText(models["empty.txt"], "\n\r\n");
        File.WriteAllText(models["empty.json"], "{}");
        CliRun run = Fail(code, models["articles.zip"],
            [.. arguments.Select(argument => File.Exists(models[argument]) ? models[argument] : argument)]);

        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.Contains("AX-", File.ReadAllText(models["rows.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public void AModelThatDoesNotSayWhatWasKeptApartNeedsHeldOutRows()
    {
        string[] ask = ["--train", models["articles.txt"], "--generated", models["rows.txt"]];
        using (RnnLanguageModel model = RnnLanguageModel.Train(Rows("articles.txt"), new()
        {
            Data = { Mode = DataMode.Rows },
            Model = { HiddenSize = 4 },
            Training = { MaxSteps = 2, Seed = 1 }
        }))
            model.Save(_folder["own.zip"]);
        string[] small = ["--hidden-size", "4", "--steps", "2", "--threads", "1", "--seed", "1"];
        CliRun.Ok(["train", models["articles.txt"], "-o", _folder["apart.zip"], "--mode", "rows", "--validation", models["real.txt"],
            .. small]);
        CliRun.Ok(["train", models["articles.txt"], "-o", _folder["all.zip"], "--mode", "rows", "--validation-fraction", "0", .. small]);
        CliRun.Ok(["train", models["articles.txt"], "-o", _folder["text.zip"], .. small]);
        CliRun.Ok(["train", models["articles.txt"], "-o", _folder["later.zip"], "--previous", models["articles.zip"], "--steps", "2",
            "--threads", "1", "--seed", "1"]);

        foreach ((string model, string why) in new[]
        {
            ("own.zip", "as 'rnnlm train' did not write it"), ("apart.zip", "validated on a file of its own, 'real.txt'"),
            ("all.zip", "trained without validation data"),
            ("text.zip", "trained on a running text"), ("later.zip", "trained further from 'articles.zip'"),
        })
        {
            string error = Fail(2, _folder[model], ask).Error;
            Assert.Contains("There are no real rows to compare with: ", error, StringComparison.Ordinal);
            Assert.Contains(why, error, StringComparison.Ordinal);
            Assert.Contains("by --held-out", error, StringComparison.Ordinal);
            Assert.Equal(400, Of(_folder[model], [.. ask, "--held-out", models["real.txt"]]).GetProperty("training_rows").GetInt32());
        }
    }

    /// <summary>Rows are kept apart by their numbers: those of another file of the same name are others.</summary>
    [Fact]
    public void AFileThatChangedSinceTheTrainingNeedsHeldOutRows()
    {
        string[] rows = File.ReadAllLines(models["articles.txt"]);
        string path = _folder["articles.txt"];
        foreach ((string[] changed, string why) in new[]
        {
            ([.. rows.Reverse()],
            "it was trained on 400 rows of articles.txt, and those of articles.txt are not the same in the same order"),
            (rows[..360], "it was trained on 400 rows of articles.txt, but articles.txt has 360"),
            ([.. rows.Select((row, i) => i == 200 ? "BK-0000-A" : row)], "are not the same in the same order"),
        })
        {
            File.WriteAllLines(path, changed);
            string error = Fail(2, models["articles.zip"], ["--train", path, "--generated", models["rows.txt"]]).Error;
            Assert.Contains(why, error, StringComparison.Ordinal);
            Assert.Contains("by --held-out", error, StringComparison.Ordinal);
            Assert.Equal(changed.Length, Json("--train", path, "--generated", models["rows.txt"], "--held-out", models["real.txt"])
                .GetProperty("training_rows").GetInt32());
        }

        // Line ends and names are no content.
        File.WriteAllText(_folder["renamed.txt"], string.Join("\r\n\r\n", rows));
        Assert.Equal(360, Json("--train", _folder["renamed.txt"], "--generated", models["rows.txt"]).GetProperty("training_rows")
            .GetInt32());
    }

    [Fact]
    public void AModelThatKeepsNothingOfItsRowsNeedsHeldOutRows()
    {
        using (RnnLanguageModel model = RnnLanguageModel.Load(models["articles.zip"]))
        {
            Assert.StartsWith("400 ", model.Saved.Metadata["rows"], StringComparison.Ordinal);
            ModelFiles.ModelArchive.Save(_folder["old.zip"],
                model.Saved with { Metadata = model.Saved.Metadata.Where(pair => pair.Key != "rows").ToDictionary() });
        }

        Assert.Contains("did not keep a hash of the training rows",
            Fail(2, _folder["old.zip"], ["--train", models["articles.txt"], "--generated", models["rows.txt"]]).Error,
            StringComparison.Ordinal);
        CliRun.Ok("train", models["articles.txt"], "-o", _folder["private.zip"], "--mode", "rows", "--hidden-size", "4", "--steps", "2",
            "--threads", "1", "--privacy-noise", "1", "--privacy-clip-norm", "1");
        using RnnLanguageModel secret = RnnLanguageModel.Load(_folder["private.zip"]);
        Assert.DoesNotContain("rows", secret.Saved.Metadata.Keys);
        Assert.Contains("it was trained privately",
            Fail(2, _folder["private.zip"], ["--train", models["articles.txt"], "--generated", models["rows.txt"]]).Error,
            StringComparison.Ordinal);
    }

    /// <summary>Near copies may be as frequent by chance where copies are not.</summary>
    [Fact]
    public void TheVerdictTellsOfCopies()
    {
        string[] rows = [.. File.ReadLines(models["articles.txt"]).Take(60)];
        File.WriteAllLines(_folder["rows.txt"], rows.Select((row, i) => i < 20 ? row : row + "x"));
        File.WriteAllLines(_folder["real.txt"], rows.Select(row => row + "x"));
        JsonElement json =
            Json("--train", models["articles.txt"], "--generated", _folder["rows.txt"], "--held-out", _folder["real.txt"]);

        Assert.Equal(("alike", "closer"), (json.GetProperty("comparison").GetString(), json.GetProperty("copy_comparison").GetString()));
        Assert.StartsWith("More generated rows than chance gives are copies: 33.3 % are exact copies of training rows, of the held-out "
            + "rows "
            + "0 %. The model repeats training rows", json.GetProperty("verdict").GetString(), StringComparison.Ordinal);
    }

    /// <summary>A model that did not read the canaries gives figures of chance, which look like those of a model that forgot
    /// them.</summary>
    [Fact]
    public void CanariesThatTheModelDidNotReadAreDoubted()
    {
        CliRun.Ok("plant", models["articles.txt"], "--canary-format", "Z[0-9]{4}", "-k", "4", "--repeats", "0,5", "-o",
            _folder["planted.txt"]);
        CliRun.Ok("plant", models["articles.txt"], "--canary-format", "AX-[0-9]{4}", "-k", "4", "--repeats", "0,5", "-o",
            _folder["other.txt"]);
        CliRun.Ok("train", _folder["other.txt"], "-o", _folder["other.zip"], "--mode", "rows", "--hidden-size", "4", "--steps", "2",
            "--threads", "1", "--seed", "1");

        foreach ((string model, string canaries, string? why) in new[]
        {
            (models["articles.zip"], "planted", "the model does not know 'Z', which each canary has"),
            (models["articles.zip"], "other", "the canaries were planted in other.txt, but the model was trained on articles.txt"),
            (_folder["other.zip"], "other", null),
        })
        {
            CliRun run = Of(0, "privacy", [model, "--canaries", _folder[$"{canaries}.canaries.json"], "--json"]);
            string verdict = JsonDocument.Parse(run.Output).RootElement.GetProperty("exposure").GetProperty("verdict").GetString()!;
            if (why is null)
            {
                Assert.DoesNotContain("canaries", run.Error, StringComparison.Ordinal);
                Assert.StartsWith("The model gives away less than half", verdict, StringComparison.Ordinal);
                continue;
            }

            Assert.Contains(why, run.Error, StringComparison.Ordinal);
            Assert.StartsWith($"The exposures do not show what the model remembers: {why}", verdict, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ACanaryThatIsPlantedIsExposed()
    {
        CliRun.Ok("plant", models["articles.txt"], "--canary-format", "ZQ-[0-9]{4}-A", "-k", "4", "--repeats", "0,80", "--seed", "2", "-o",
            _folder["planted.txt"]);
        CliRun.Ok("train", _folder["planted.txt"], "-o", _folder["planted.zip"], "--mode", "rows", "--cell", "gru", "--hidden-size", "32",
            "--embedding-size", "8", "--seed", "1", "--threads", "1", "--learning-rate", "0.01", "--steps", "700");
        string[] ask = ["--canaries", _folder["planted.canaries.json"]];
        JsonElement exposure = Of(_folder["planted.zip"], ask).GetProperty("exposure");

        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["planted.zip"]);
        ExposureReport expected = model.MeasureExposure(CanarySet.Load(_folder["planted.canaries.json"]));
        Assert.Equal(expected.Canaries.Select(found => found.Exposure!.Value),
            exposure.GetProperty("canaries").EnumerateArray().Select(found => found.GetProperty("exposure").GetDouble()));
        Assert.Equal([0, 80], exposure.GetProperty("by_repeats").EnumerateArray().Select(group => group.GetProperty("repeats").GetInt32()));
        double[] means = [.. exposure.GetProperty("by_repeats").EnumerateArray()
            .Select(group => group.GetProperty("mean_exposure").GetDouble())];
        Assert.True(means[1] > means[0] + 4, $"{means[0]} and {means[1]}");
        CliRun table = Of(0, "privacy", [_folder["planted.zip"], .. ask]);
        Assert.EndsWith("\nThe model remembers canaries that were planted 80 times: on average it gives away more than half of the bits "
            + "that "
            + "make them.\n", table.Output, StringComparison.Ordinal);
        Assert.Contains("canaries of the format 'ZQ-[0-9]{4}-A': 10,000 texts, 13.29 bits", table.Output, StringComparison.Ordinal);
        Assert.Contains("extrapolated", CliRun.Ok(["privacy", _folder["planted.zip"], .. ask, "--max-enumeration", "0",
            "--exposure-samples", "200"]).Output, StringComparison.Ordinal);
        // A model that was not trained on them does not know their letters.
        CliRun other = Of(0, "privacy", [models["names.zip"], .. ask]);
        Assert.Contains("does not know all characters of 8 of 8 canaries", other.Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(1280, "light")]
    [InlineData(1280, "dark")]
    [InlineData(375, "light")]
    [InlineData(375, "dark")]
    public async Task APageShowsEachFigureWithWhatItMeans(int width, string scheme)
    {
        CanarySet.Draw("AX-[0-9]{3}</script>", 3, [0, 1], 1).Save(_folder["canaries.json"]);
        string[] ask = ["--train", models["articles.txt"], "--generated", models["rows.txt"], "--canaries", _folder["canaries.json"]];
        CliRun run = Run([.. ask, "-o", _folder["privacy.html"]]);
        JsonElement json = ReportModels.Data(_folder["privacy.html"]).GetProperty("privacy");
        Assert.EndsWith($"\nSaved {_folder["privacy.html"]}\n", run.Output, StringComparison.Ordinal);
        Assert.True(JsonElement.DeepEquals(Json(ask), json), $"{Json(ask)}{Environment.NewLine}{json}");
        await using BrowserPage page = await browser.OpenAsync(_folder["privacy.html"], width, scheme);

        Assert.Equal([new Uri(_folder["privacy.html"]).AbsoluteUri], page.Requests);
        Assert.Equal(width, await page.Get<int>("document.documentElement.scrollWidth"));
        Assert.Equal(
            json.GetProperty("figures").EnumerateArray().SelectMany(figure => (string[])[figure.GetProperty("title").GetString()!,
                figure.GetProperty("means").GetString()!, figure.GetProperty("does_not_mean").GetString()!]),
            await page.Get<string[]>("[...document.querySelectorAll('#privacy-figures > div')].flatMap(d => "
            + "[d.querySelector('h3').textContent, ...[...d.querySelectorAll(':scope > p')].slice(-2).map(p => p.textContent)])"));
        Assert.Equal(
            $"{json.GetProperty("verdict").GetString()} {json.GetProperty("exposure").GetProperty("verdict").GetString()}",
            await page.Get<string>("document.getElementById('verdict').textContent"));
        // Two bars a bin, whose heights are the shares, within their charts.
        Assert.Equal(2 * (21 + json.GetProperty("run_histogram").GetArrayLength()),
            await page.Get<int>("document.querySelectorAll('#privacy-figures rect').length"));
        Assert.True(await page.Get<bool>("[...document.querySelectorAll('#privacy-figures rect, #privacy-figures svg text')].every(p => { "
            + "const a = p.getBoundingClientRect(), b = p.closest('svg').getBoundingClientRect(); return a.left >= b.left - 1 && a.right "
            + "<= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1; })"));
        Assert.Equal(6, await page.Get<int>("document.querySelectorAll('#privacy-figures details tbody tr').length"));
        await page.Point("#privacy-figures svg");
        Assert.Matches("generated .* %, held-out .* %$",
            await page.Get<string>("document.querySelector('#privacy-figures figcaption output').textContent"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public void AReportShowsWhatPrivacyPrinted()
    {
        File.WriteAllText(_folder["privacy.json"],
            Run("--train", models["articles.txt"], "--generated", models["rows.txt"], "--json").Output);
        CliRun.Ok("report", models["articles.zip"], "--privacy", _folder["privacy.json"], "-o", _folder["report.html"]);
        // A shell may have put a byte order mark before it.
        File.WriteAllText(_folder["marked.json"], File.ReadAllText(_folder["privacy.json"]), System.Text.Encoding.UTF8);
        CliRun.Ok("report", models["articles.zip"], "--privacy", _folder["marked.json"], "-o", _folder["marked.html"]);

        JsonElement report = ReportModels.Data(_folder["report.html"]);
        Assert.Equal(File.ReadAllText(_folder["privacy.json"]).Trim(), report.GetProperty("privacy").ToString());
        Assert.NotEmpty(report.GetProperty("samples").EnumerateArray());
        File.WriteAllText(_folder["other.json"], "{}");
        Assert.Contains("this is not what 'rnnlm privacy --json' prints", Of(1, "report",
            [models["articles.zip"], "--privacy", _folder["other.json"], "-o", _folder["x.html"]]).Error, StringComparison.Ordinal);
        Assert.Contains("is an input of this command", Of(2, "report", [models["articles.zip"], "--privacy", _folder["privacy.json"], "-o",
            _folder["privacy.json"], "-f"]).Error, StringComparison.Ordinal);
    }

    private IEnumerable<TextRow> Rows(string file) => File.ReadLines(models[file]).Select(TextRow.Row);

    private CliRun Run(params string[] arguments) => Of(0, "privacy", [models["articles.zip"], .. arguments]);

    private JsonElement Json(params string[] arguments) => Of(models["articles.zip"], arguments);

    private static JsonElement Of(string model, string[] arguments) =>
        JsonDocument.Parse(Of(0, "privacy", [model, .. arguments, "--json"]).Output).RootElement;

    private static CliRun Fail(int code, string model, string[] arguments) => Of(code, "privacy", [model, .. arguments]);

    private static CliRun Of(int code, string command, string[] arguments)
    {
        CliRun run = CliRun.Of([command, .. arguments]);
        Assert.True(run.Code == code, $"exit code {run.Code}: {run.Error}");
        return run;
    }
}
