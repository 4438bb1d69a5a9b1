using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RnnLm;

namespace WebForm.Tests;

/// <summary>What the service answers.</summary>
[Collection(FormTests.Name)]
public sealed class ApiTests(TrainedModels models)
{
    [Fact]
    public async Task ItSuggestsWhatTheModelSuggests()
    {
        using FormService service = FormService.Start(models);
        using RnnLanguageModel articles = RnnLanguageModel.Load(models.Articles), messages = RnnLanguageModel.Load(models.Messages);
        var numbers = new SuggestOptions { Count = 3, To = SuggestTo.End, Typos = 1, MaxLength = 20, MaxSteps = 2000 };
        var words = new SuggestOptions { Count = 4, MaxSteps = 2000 };

        foreach (string typed in (string[])["", "KB-44", "KB44", "K23-4", "€ß"])
            Assert.Equal(articles.Suggest(typed, numbers).Select(item => item.Text), await service.SuggestAsync("articles", typed, 3));
        foreach (string typed in (string[])["", "Hello, I ord", "Thank you "])
            Assert.Equal(messages.Suggest(typed, words).Select(item => item.Text), await service.SuggestAsync("messages", typed, 4));
        // It is what one would expect, too.
        Assert.StartsWith("KB-4471-", (await service.SuggestAsync("articles", "KB4471"))[0], StringComparison.Ordinal);
        Assert.Equal("Hello, I ordered", (await service.SuggestAsync("messages", "Hello, I ord"))[0]);
        Assert.Equal(2, (await service.AskAsync("articles/suggest", new { text = "€ß" })).GetProperty("unknownCharacters").GetInt32());
    }

    [Fact]
    public async Task ItMarksTheLikeliestMistake()
    {
        using FormService service = FormService.Start(models);

        foreach (string good in (string[])["KB-4471-23", "K23-447-B1", "44K-713-BD"])
            Assert.False((await service.AskAsync("articles/check", new { text = good })).GetProperty("isUnusual").GetBoolean(), good);
        JsonElement check = await service.AskAsync("articles/check", new { text = "KB-4471-2K" });
        Assert.True(check.GetProperty("isUnusual").GetBoolean());
        Assert.Equal(9, check.GetProperty("position").GetInt32());
        Assert.True(char.IsDigit(check.GetProperty("instead").GetString()!.Single()));
        Assert.True((await service.AskAsync("messages/check", new { text = ";alksjfd" })).GetProperty("isUnusual").GetBoolean());
        Assert.True((await service.AskAsync("articles/check", new { text = "😀" })).GetProperty("isUnusual").GetBoolean());
    }

    public static TheoryData<string, string, HttpStatusCode, string> Refused => new()
    {
        { "articles/suggest", "{}", HttpStatusCode.BadRequest, "text is missing." },
        { "articles/check", """{"text":null}""", HttpStatusCode.BadRequest, "text is missing." },
        { "articles/suggest", $$"""{"text":"{{new string('x', 501)}}"}""", HttpStatusCode.BadRequest,
        "text may have 500 characters at most." },
        { "messages/check", $$"""{"text":"{{new string('x', 501)}}"}""", HttpStatusCode.BadRequest,
        "text may have 500 characters at most." },
        { "articles/suggest", """{"text":"K","count":0}""", HttpStatusCode.BadRequest, "count must be from 1 to 20." },
        { "articles/suggest", """{"text":"K","count":10000}""", HttpStatusCode.BadRequest, "count must be from 1 to 20." },
        { "articles/suggest", """{"text":"K","count":"many"}""", HttpStatusCode.BadRequest,
        "The body's member 'count' is not known, or its value is not what is asked for." },
        { "articles/check", """{"text":"K","condition":"x"}""", HttpStatusCode.BadRequest, "The body's member 'condition' is not known" },
        { "articles/suggest", """{"text":"\ud800"}""", HttpStatusCode.BadRequest, "The body's member 'text'" },
        { "articles/suggest", "{", HttpStatusCode.BadRequest, "The body must be a JSON object." },
        { "articles/suggest", "", HttpStatusCode.BadRequest, "The body must be a JSON object." },
        { "orders/suggest", """{"text":"K"}""", HttpStatusCode.NotFound, "There is no model of this name." },
        { "articles/other", "{}", HttpStatusCode.NotFound, "" },
        { "articles/check", new string(' ', 1_000_000), HttpStatusCode.RequestEntityTooLarge, "The body may have 16384 bytes at most." },
    };

    [Fact]
    public async Task BadRequestsAreRefusedWithProblemDetails()
    {
        using FormService service = FormService.Start(models);
        foreach (object[] refused in Refused)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"api/models/{refused[0]}")
            {
                Content = new StringContent((string)refused[1], Encoding.UTF8, "application/json"),
                // The answer to what is too long comes before it was sent.
                Headers = { ExpectContinue = true },
            };
            await AssertProblemAsync(await service.Client.SendAsync(request), (HttpStatusCode)refused[2], (string)refused[3]);
        }

        using var text = new StringContent("text");
        await AssertProblemAsync(
            await service.Client.PostAsync("api/models/articles/check", text), HttpStatusCode.UnsupportedMediaType, "application/json");
        foreach (string query in (string[])["count=0", "count=10001", "count=-1"])
        {
            foreach (string path in (string[])["rows", "rows.csv"])
            {
                await AssertProblemAsync(await service.Client.GetAsync($"api/models/articles/{path}?{query}"),
                    HttpStatusCode.BadRequest, "count must be from 1 to 10000.");
            }
        }

        await AssertProblemAsync(await service.Client.GetAsync("api/models/articles/rows?seed=x"), HttpStatusCode.BadRequest,
            "The value of 'seed' is not what is asked for.");
        await AssertProblemAsync(await service.Client.GetAsync("api/models/articles/suggest"), HttpStatusCode.MethodNotAllowed, "");
        await AssertProblemAsync(await service.Client.GetAsync("nothing"), HttpStatusCode.NotFound, "");
        // The service goes on.
        Assert.NotEmpty(await service.SuggestAsync("articles", "K"));
    }

    [Fact]
    public async Task TextsUpToTheLimitAndOfAnyCharactersAreAnswered()
    {
        using FormService service = FormService.Start(models);
        foreach (string text in (string[])[new string('x', 500), "<script>alert(1)</script>", "\0\u0001", "äöü😀漢字", "\r\n\t",
            "'; DROP TABLE"])
        {
            await service.SuggestAsync("articles", text, 20);
            await service.SuggestAsync("messages", text, 20);
            Assert.True((await service.AskAsync("articles/check", new { text })).GetProperty("isUnusual").GetBoolean(), text);
        }
    }

    [Fact]
    public async Task EveryAnswerHasTheHeadersThatKeepABrowserSafe()
    {
        using FormService service = FormService.Start(models);
        foreach (string path in (string[])["", "page.js", "page.css", "nothing", "health/live", "health/ready",
            "api/models/articles/rows?count=1"])
        {
            HttpResponseMessage answer = await service.Client.GetAsync(path);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Server"));
        }

        string page = await service.Client.GetStringAsync("");
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RowsComeAsEventsAndTheFileHasTheSame()
    {
        using FormService service = FormService.Start(models);
        string query = "count=300&seed=7";
        (string Type, JsonElement Data)[] events = Events(await service.Client.GetStringAsync($"api/models/articles/rows?{query}"));

        Assert.Equal(7, events[0].Data.GetProperty("seed").GetInt64());
        Assert.Equal(["start", .. Enumerable.Repeat("row", 300), "end"], events.Select(item => item.Type));
        string[] rows = [.. events[1..^1].Select(item => item.Data.GetProperty("values")[0].GetString()!)];
        Assert.Equal(rows.Length, rows.Distinct().Count());
        using RnnLanguageModel model = RnnLanguageModel.Load(models.Articles);
        Assert.All(rows, row => Assert.False(model.TrainingText!.Contains(row)));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (long)i),
            events[1..^1].Select(item => item.Data.GetProperty("number").GetInt64()));

        HttpResponseMessage file = await service.Client.GetAsync($"api/models/articles/rows.csv?{query}");
        Assert.Equal("articles.csv", file.Content.Headers.ContentDisposition!.FileName);
        string[] lines = (await file.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal(["Text", .. rows], lines[..^1]);
        // Another seed, other rows; no seed, another one each time.
        Assert.NotEqual(rows[0], Events(await service.Client.GetStringAsync("api/models/articles/rows?seed=8"))[1]
            .Data.GetProperty("values")[0].GetString());
        Assert.NotEqual(
            await service.Client.GetStringAsync("api/models/articles/rows"),
            await service.Client.GetStringAsync("api/models/articles/rows"));
    }

    [Fact]
    public async Task FieldsOfTheFileAreQuotedAndWhatIsMissingIsTold()
    {
        using FormService service = FormService.Start(models);
        string[] rows = ["\"a\", said b", "=1+1"];
        using (RnnLanguageModel few = Tiny.Train(rows, filter: false))
            few.Save(service.Articles);
        await FormService.UntilAsync(() => service.Log.Count(line => line.Contains("The model articles was loaded")) == 2,
            "the model is taken up");

        (string Type, JsonElement Data)[] events =
            Events(await service.Client.GetStringAsync("api/models/articles/rows?count=1000&seed=1"));
        Assert.Contains("more to say", events[^1].Data.GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.Contains(events, item => item.Type == "row" && item.Data.GetProperty("values")[0].GetString() == rows[0]);
        string file = await service.Client.GetStringAsync($"api/models/articles/rows.csv?count={events.Length - 2}&seed=1");
        Assert.Contains("\r\n\"\"\"a\"\", said b\"\r\n", file, StringComparison.Ordinal);
        // It was not calibrated, and does not know its training text.
        await AssertProblemAsync(await service.PostAsync("articles/check", new { text = "x" }), HttpStatusCode.NotFound, "not calibrated");
        await AssertProblemAsync(
            await service.Client.GetAsync("api/models/articles/rows?new=true"), HttpStatusCode.BadRequest,
            "new must be false or left out, as this model does not keep which rows are in its training data.");
    }

    internal static async Task AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string detail)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.RequestMessage!.RequestUri}: {answer.StatusCode}, {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        JsonElement problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("type").GetString()!);
        if (detail.Length > 0)
            Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static (string Type, JsonElement Data)[] Events(string stream) =>
        [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split('\n'))
            .Select(lines => (lines[0]["event: ".Length..], JsonDocument.Parse(lines[1]["data: ".Length..]).RootElement))];
}
