using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using RnnLm.ModelFiles;
using RnnLm.Tests;
using RnnLm.Training;

namespace RnnLm.Cli.Tests;

public sealed class ReportCommandTests(ReportModels models, Browser browser) : IClassFixture<ReportModels>, IClassFixture<Browser>,
    IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ItShowsTheTrainingThatTheModelRemembers()
    {
        JsonElement report = Report(models.Song);

        using RnnLanguageModel model = RnnLanguageModel.Load(models.Song);
        JsonElement[] steps = [.. report.GetProperty("steps").EnumerateArray()];
        Assert.Equal(model.TrainingSummary!.History.Select(at => at.Step), steps.Select(at => at.GetProperty("step").GetInt64()));
        Assert.Equal(model.TrainingSummary.History.Count(at => at.ValidationLoss is not null),
            steps.Count(at => at.GetProperty("validation").ValueKind == JsonValueKind.Number));
        Assert.Equal(model.TrainingSummary.History[^1].LearningRate, steps[^1].GetProperty("learningRate").GetDouble(), 6);
        Assert.All(steps, at => Assert.True(at.GetProperty("gradientNorm").GetDouble() > 0));
        Assert.Equal(model.TrainingSummary.BestStep, report.GetProperty("bestStep").GetInt64());
        Assert.Contains(report.GetProperty("figures").EnumerateArray(), f => f.GetProperty("value")
            .GetString() == Math.Exp(model.TrainingSummary.ValidationLoss!.Value).ToString("F2", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void ItShowsWhatSampleWritesAtEachTemperature()
    {
        string[] arguments = ["--prompt", "the ", "--prompt", "a dog", "--temperatures", "0,1", "--length", "40", "--seed", "5"];
        JsonElement[] samples = [.. Report(models.Song, arguments).GetProperty("samples").EnumerateArray()];

        Assert.Equal(["the ", "a dog"], samples.Select(s => s.GetProperty("prompt").GetString()));
        foreach ((int i, string temperature) in new[] { (0, "0"), (1, "1") })
        {
            string expected = CliRun.Ok("sample", models.Song, "-p", "the ", "-p", "a dog", "--temperature", temperature, "--length", "40",
                "--seed", "5", "--no-prompt").Output;
            Assert.Equal(expected, string.Concat(samples.Select(s => s.GetProperty("texts")[i].GetProperty("text").GetString() + "\n")));
        }
    }

    [Fact]
    public void ItsProbabilitiesAndActivationsAreThoseOfTheModel()
    {
        const string Text = "the dog sat on the cat";
        File.WriteAllText(_folder["text.txt"], Text);
        JsonElement reading = Report(models.Song, "--text", _folder["text.txt"]).GetProperty("reading");

        using RnnLanguageModel model = RnnLanguageModel.Load(models.Song);
        JsonElement[] probabilities = [.. reading.GetProperty("probabilities").EnumerateArray()];
        Assert.Equal(JsonValueKind.Null, probabilities[0].ValueKind);
        TextScore score = model.Score(Text);
        Assert.Equal(score.LogProbability, probabilities.Skip(1).Sum(p => Math.Log(p.GetDouble())), 1);
        using GenerationSession session = model.StartSession();
        session.Append(Text.AsSpan()[..^1]);
        Assert.Equal(
            session.NextCharacterProbabilities(5).Select(p => p.Character!.Value.ToString()),
            reading.GetProperty("guesses")[Text.Length - 1].EnumerateArray().Select(g => g.GetProperty("character").GetString()));

        JsonElement hidden = reading.GetProperty("states").EnumerateArray()
            .Single(s => s.GetProperty("name").GetString() == "hidden state h");
        sbyte[] values = [.. hidden.GetProperty("values").GetBytesFromBase64().Select(b => (sbyte)b)];   // [U, T]
        float[] features = model.Encode(Text);
        JsonElement[] units = [.. hidden.GetProperty("units").EnumerateArray()];
        Assert.Equal(features.Length, units.Length);
        for (int u = 0; u < units.Length; u++)
            Assert.Equal(features[units[u].GetProperty("unit").GetInt32() - 1], values[(u * Text.Length) + Text.Length - 1] / 127.0, 0.005);
        Assert.Contains(reading.GetProperty("states").EnumerateArray(), s => s.GetProperty("name").GetString() == "cell state tanh(c)");
    }

    [Fact]
    public void CharactersOfALongTextAreAllCountedAndItsBeginningRead()
    {
        File.WriteAllText(_folder["long.txt"], "😀x" + string.Concat(Enumerable.Repeat("the cat sat.", 83_333)) + "é\n");
        JsonElement report = Report(models.Song, "--text", _folder["long.txt"], "--characters", "30");

        JsonElement vocabulary = report.GetProperty("vocabulary");
        Assert.Equal(1_000_000, vocabulary.GetProperty("total").GetInt64());
        Assert.Equal(3, vocabulary.GetProperty("unknown").GetInt64());
        JsonElement most = vocabulary.GetProperty("characters")[0];
        Assert.Equal(("t", 249_999), (most.GetProperty("character").GetString(), most.GetProperty("count").GetInt64()));
        Assert.Equal(30, report.GetProperty("reading").GetProperty("characters").GetArrayLength());
        Assert.Contains("the first 30 of 1,000,000 characters", report.GetProperty("reading").GetProperty("source").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ATextThatIsEmptyIsSaidToBe()
    {
        File.WriteAllText(_folder["empty.txt"], "");

        CliRun run = CliRun.Of("report", models.Song, "--text", _folder["empty.txt"], "-o", _folder["report.html"]);

        Assert.Equal(1, run.Code);
        Assert.Contains("there is no text in empty.txt. Name another file by --text", run.Error, StringComparison.Ordinal);
        Assert.Equal(["empty.txt"], _folder.Names);
    }

    [Theory]
    [InlineData("--temperatures takes up to 12 numbers", "--temperatures", "1,hot")]
    [InlineData("--length must be from 1 to 100,000, but is 0", "--length", "0")]
    [InlineData("does not know the condition 'x'", "--condition", "x")]
    [InlineData("no conditions", "--condition", "x")]
    public void AWrongCallSaysWhatIsWrong(string fault, params string[] arguments)
    {
        CliRun run = CliRun.Of(["report", fault.Contains("know", StringComparison.Ordinal) ? models.Kinds : models.Song, "-o",
            _folder["report.html"], .. arguments]);

        Assert.Equal(2, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void AnOlderReportIsKeptUnlessItMayBeReplaced()
    {
        File.WriteAllText(_folder["report.html"], "precious");
        CliRun run = CliRun.Of("report", models.Song, "-o", _folder["report.html"]);

        Assert.Equal(2, run.Code);
        Assert.Equal("precious", File.ReadAllText(_folder["report.html"]));
        Report(models.Song, "--force");
    }

    [Fact]
    public void AChainOfMLNETIsReportedOnWithAWarning()
    {
        File.Copy(models.Song, _folder["chain.zip"]);
        using (ZipArchive zip = ZipFile.Open(_folder["chain.zip"], ZipArchiveMode.Update))
        using (Stream key = zip.CreateEntry("TransformerChain/Transform_001/Model.key").Open())
            key.Write(new ModelKey("TXTNORMT", "TextNormalizer", "Microsoft.ML.Transforms").ToBytes([]));

        CliRun run = CliRun.Ok("report", _folder["chain.zip"], "-o", _folder["report.html"]);

        Assert.Contains("Its other members are not applied here: TextNormalizer", run.Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(1280, "light", "rgb(247, 247, 245)")]
    [InlineData(1280, "dark", "rgb(19, 21, 23)")]
    [InlineData(375, "light", "rgb(247, 247, 245)")]
    [InlineData(375, "dark", "rgb(19, 21, 23)")]
    public async Task ABrowserShowsAllOfItAndAsksForNothingElse(int width, string scheme, string background)
    {
        File.WriteAllText(_folder["text.txt"], "the cat sat on the mat, and </script><b>bold</b> 😀\nthe dog sat on the log.\n");
        Report(models.Song, "--text", _folder["text.txt"], "--prompt", "the ");
        await using BrowserPage page = await browser.OpenAsync(_folder["report.html"], width, scheme);

        Assert.Equal([new Uri(_folder["report.html"]).AbsoluteUri], page.Requests);
        Assert.Equal(background, await page.Get<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal(width, await page.Get<int>("document.documentElement.scrollWidth"));
        Assert.Equal(["Loss", "Perplexity", "Learning rate", "Gradient norm", "Speed"],
            await page.Get<string[]>("[...document.querySelectorAll('figcaption')].map(f => f.firstChild.data)"));
        // Training and validation twice, and three single ones; each goes somewhere, and stays within its chart.
        Assert.Equal(7, await page.Get<int>("[...document.querySelectorAll('figure path')].filter(p => p.getTotalLength() > 50).length"));
        Assert.True(await page.Get<bool>("[...document.querySelectorAll('figure path, figure text')].every(p => { const a = "
            + "p.getBoundingClientRect(), b = p.closest('svg').getBoundingClientRect(); return a.left >= b.left - 1 && a.right <= b.right "
            + "+ 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1; })"));
        Assert.Equal(4, await page.Get<int>("document.querySelectorAll('#texts article').length"));
        Assert.True(await page.Get<bool>("[...document.querySelectorAll('h1, h2, h3')].every(h => h.textContent.length > 0)"));

        await page.Point("figure svg");
        Assert.Matches(@"^step [\d,]+: training \d\.\d{3}, validation \d\.\d{3}$",
            await page.Get<string>("document.querySelector('figcaption output').textContent"));
        const string Colours = "[...document.querySelectorAll('#coloured span')].map(s => s.style.backgroundColor).join()";
        string before = await page.Get<string>(Colours);
        await page.Click("#next");
        Assert.NotEqual(before, await page.Get<string>(Colours));
        await page.Point("#coloured span:nth-of-type(2)");
        Assert.Matches(@"^unit \d+ after ‘h’: [+−]\d\.\d\d$",
            await page.Get<string>("document.getElementById('unit-readout').textContent"));
        await page.Point("#columns div:nth-of-type(2)");
        Assert.Matches(@"^‘h’ came, which had [\d.]+ %\. Expected: .+ %, .+",
            await page.Get<string>("document.getElementById('guess-readout').textContent"));
        Assert.Empty(page.Complaints);
    }

    [SkippableFact]
    public async Task AModelWithoutAHistoryAndAClassifierAreShownAsFarAsTheyGo()
    {
        foreach ((string model, string note) in new[] { (models.Forgetful, "keeps no history of its training"),
            (models.Classifier, "Losses are in nats for each text") })
        {
            Report(model, "--force");
            await using BrowserPage page = await browser.OpenAsync(_folder["report.html"], 375, "light");

            Assert.Contains(note, await page.Get<string>("document.getElementById('training-note').textContent"), StringComparison.Ordinal);
            Assert.Equal(model == models.Classifier,
                await page.Get<bool>("document.getElementById('samples').hidden && document.getElementById('units').hidden"));
            Assert.Equal(model == models.Classifier ? 5 : 0, await page.Get<int>("document.querySelectorAll('figure').length"));
            Assert.Equal(375, await page.Get<int>("document.documentElement.scrollWidth"));
            Assert.Empty(page.Complaints);
        }
    }

    private JsonElement Report(string model, params string[] arguments)
    {
        CliRun run = CliRun.Ok(["report", model, "-o", _folder["report.html"], .. arguments]);
        Assert.Equal($"Saved {_folder["report.html"]}\n", run.Output);
        Assert.DoesNotContain(_folder.Path, File.ReadAllText(_folder["report.html"]), StringComparison.Ordinal);
        return ReportModels.Data(_folder["report.html"]);
    }
}
