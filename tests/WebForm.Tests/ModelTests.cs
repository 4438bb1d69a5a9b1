using System.Net;
using System.Text.Json;
using RnnLm;

namespace WebForm.Tests;

/// <summary>Models that are missing, damaged, or replaced while requests run.</summary>
[Collection(FormTests.Name)]
public sealed class ModelTests(TrainedModels models)
{
    private const int Requests = 1000, Connections = 16;

    [Fact]
    public async Task AMissingModelIsToldAndTakenUpWhenItComes()
    {
        using FormService service = FormService.Start(null);
        File.Copy(models.Messages, service.Messages);
        await FormService.UntilAsync(() => service.Log.Any(line => line.Contains("The model messages was loaded")),
            "the messages are loaded");

        foreach (string path in (string[])["articles/suggest", "articles/check"])
        {
            HttpResponseMessage answer = await service.PostAsync(path, new { text = "K" });
            await ApiTests.AssertProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "its file is missing");
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        foreach (string path in (string[])["rows", "rows.csv"])
        {
            await ApiTests.AssertProblemAsync(await service.Client.GetAsync($"api/models/articles/{path}"),
                HttpStatusCode.ServiceUnavailable, "its file is missing");
        }

        Assert.NotEmpty(await service.SuggestAsync("messages", "Hello"));
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("health/live")).StatusCode);
        await AssertHealthAsync(service, HttpStatusCode.ServiceUnavailable, "Unhealthy", "not loaded, file is missing");

        File.Copy(models.Articles, service.Articles);
        await FormService.UntilAsync(() => service.Log.Any(line => line.Contains("The model articles was loaded")),
            "the articles are loaded");
        Assert.NotEmpty(await service.SuggestAsync("articles", "K"));
        await AssertHealthAsync(service, HttpStatusCode.OK, "Healthy", "loaded");
    }

    [Fact]
    public async Task ADamagedFileLeavesWhatThereIsInUse()
    {
        using FormService service = FormService.Start(models);
        string[] expected = await service.SuggestAsync("articles", "KB");

        byte[] whole = await File.ReadAllBytesAsync(models.Articles);
        await File.WriteAllBytesAsync(service.Articles, whole[..(whole.Length / 2)]);
        await FormService.UntilAsync(() => service.Log.Any(line => line.Contains("The model in memory stays in use.")),
            "the damage is told");
        Assert.Equal(expected, await service.SuggestAsync("articles", "KB"));
        await AssertHealthAsync(service, HttpStatusCode.OK, "Degraded", "loaded, file is damaged");
        Assert.Contains(service.Log, line => line.Contains("articles: loaded, file is damaged", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Log, line => line.Contains("(null)", StringComparison.Ordinal));

        File.Delete(service.Articles);
        await FormService.UntilAsync(() => service.Log.Any(line => line.Contains("is missing.")), "it is told that the file is missing");
        Assert.Equal(expected, await service.SuggestAsync("articles", "KB"));
        await AssertHealthAsync(service, HttpStatusCode.OK, "Degraded", "loaded, file is missing");

        await File.WriteAllBytesAsync(service.Articles, whole);
        await FormService.UntilAsync(() => service.Log.Count(line => line.Contains("The model articles was loaded")) == 2,
            "it is loaded again");
        await AssertHealthAsync(service, HttpStatusCode.OK, "Healthy", "loaded");
    }

    [Theory]
    [InlineData("no zip")]
    [InlineData("")]
    public async Task AFileThatIsDamagedFromTheStartIsToldAndTheServiceGoesOn(string content)
    {
        using FormService service = FormService.Start(null);
        await File.WriteAllTextAsync(service.Articles, content);
        await FormService.UntilAsync(() => service.Log.Any(line => line.Contains("There is no model to use.")), "the damage is told");

        HttpResponseMessage answer = await service.PostAsync("articles/suggest", new { text = "K" });
        await ApiTests.AssertProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "its file is damaged");
        await AssertHealthAsync(service, HttpStatusCode.ServiceUnavailable, "Unhealthy", "not loaded, file is damaged");
    }

    [Fact]
    public async Task AGoodFileThatDoesNotServeIsNotCalledDamaged()
    {
        using FormService service = FormService.Start(models, ("Models:articles:Suggest:Pattern", "[Я-я]+"),
            ("Models:articles:Suggest:To", "Pattern"));
        const string Settings = "does not go with its settings: Models:articles:Suggest:Pattern ";
        await ApiTests.AssertProblemAsync(
            await service.PostAsync("articles/suggest", new { text = "K" }), HttpStatusCode.ServiceUnavailable, Settings);
        Assert.Contains(service.Log, line => line.Contains(Settings, StringComparison.Ordinal));

        using (RnnTextClassifier other = RnnTextClassifier.Train(
            [new LabelledText("a", "x"), new LabelledText("b", "y")],
                new TextClassifierOptions { Training = { MaxSteps = 1, ValidationFraction = 0 } }))
            other.Save(service.Articles);
        const string Kind = "holds a text classifier, not a language model";
        await FormService.UntilAsync(() => service.Log.Any(line => line.Contains(Kind)), "its kind is told");
        await ApiTests.AssertProblemAsync(
            await service.PostAsync("articles/check", new { text = "K" }), HttpStatusCode.ServiceUnavailable, $"its file {Kind}.");
        await AssertHealthAsync(service, HttpStatusCode.ServiceUnavailable, "Unhealthy", $"not loaded, file {Kind}");
        Assert.DoesNotContain(service.Log, line => line.Contains("damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AModelWithConditionsServesTheOneOfItsSetting()
    {
        using FormService service = FormService.Start(models, ("Models:articles:Condition", "b"));
        await ApiTests.AssertProblemAsync(await service.PostAsync("articles/suggest", new { text = "" }),
            HttpStatusCode.ServiceUnavailable, "Models:articles:Condition must be left out, as the model has no conditions.");

        using (RnnLanguageModel model = Tiny.Train([TextRow.Row("111", "a"), TextRow.Row("222", "b")], filter: false))
        {
            model.Save(service.Articles);
            model.Save(service.Messages);
        }

        await FormService.UntilAsync(() => service.Log.Any(line => line.Contains("The model articles was loaded")), "it is loaded");
        Assert.Equal("222", (await service.SuggestAsync("articles", ""))[0]);
        string rows = await service.Client.GetStringAsync("api/models/articles/rows.csv?count=5&unique=false&seed=1");
        Assert.Contains("222", rows, StringComparison.Ordinal);
        Assert.DoesNotContain("111", rows, StringComparison.Ordinal);
        await FormService.UntilAsync(() => service.Log.Any(line => line.Contains("Models:messages:Condition must be one of the model's: "
            + "'a', 'b'. The model in memory stays in use.")), "the condition is asked for");
    }

    /// <summary>Once a connection was answered by the new model, the one before never answers it again.</summary>
    [Fact]
    public async Task AModelIsReplacedWhileRequestsRunAndNoneFails()
    {
        using FormService service = FormService.Start(models);
        string[] before = await service.SuggestAsync("articles", "K");
        string other = service.Articles + ".new";
        using (RnnLanguageModel model = Tiny.Train(["Kilo", "Kappa"], filter: true))
            model.Save(other);
        int sent = 0;
        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (_, _) =>
        {
            bool changed = false;
            for (int number; (number = Interlocked.Increment(ref sent)) <= Requests || !changed;)
            {
                if (number == Requests / 4)
                    File.Move(other, service.Articles, overwrite: true);
                string[] answer = await service.SuggestAsync("articles", "K");
                changed = changed || !answer.SequenceEqual(before);
                if (changed)
                    Assert.Contains(answer[0], (string[])["Kilo", "Kappa"]);
                else
                    Assert.Equal(before, answer);
            }
        });
        // Each connection ends with a number that it does not send.
        await FormService.UntilAsync(() => service.Count("suggest ok") == sent - Connections + 1, "all are counted as answered");
    }

    private static async Task AssertHealthAsync(FormService service, HttpStatusCode status, string word, string articles)
    {
        HttpResponseMessage answer = await service.Client.GetAsync("health/ready");
        JsonElement report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((status, word), (answer.StatusCode, report.GetProperty("status").GetString()));
        Assert.Equal(articles, report.GetProperty("checks").GetProperty("models").GetProperty("articles").GetString());
    }
}
