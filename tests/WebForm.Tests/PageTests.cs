using RnnLm.Cli.Tests;

namespace WebForm.Tests;

/// <summary>
/// The page in a browser, by keyboard and by pointer. Where the environment variable RNNLM_PICTURES names a folder, pictures of it go
/// there.
/// </summary>
[Collection(FormTests.Name)]
public sealed class PageTests(TrainedModels models, Browser browser) : IClassFixture<Browser>
{
    private const string Open = "!document.getElementById('article-list').hidden";
    private const string Closed = "document.getElementById('article-list').hidden";
    private const string Article = "document.getElementById('article').value";
    private const string Focused = "document.activeElement.id";

    [SkippableTheory]
    [InlineData("light", 1000)]
    [InlineData("dark", 1000)]
    [InlineData("light", 375)]
    [InlineData("dark", 375)]
    public async Task TheFormIsFilledByKeyboard(string scheme, int width)
    {
        using FormService service = FormService.Start(models);
        await using BrowserPage page = await OpenAsync(service, scheme, width);

        await page.Press("Tab");
        Assert.Equal("tab-form", await page.Get<string>(Focused));
        await page.Press("Tab");
        Assert.Equal("article", await page.Get<string>(Focused));
        await page.Type("KB44");
        await page.WaitFor(Open);
        Assert.Equal("true", await page.Get<string>("document.getElementById('article').getAttribute('aria-expanded')"));
        Assert.Equal("5 suggestions", await page.Get<string>("document.querySelector('.status').textContent"));
        await AssertNothingOverflowsAsync(page);
        await page.Press("ArrowDown");
        await page.Press("ArrowDown");
        await Picture(page, $"suggestions-{scheme}-{width}");
        Assert.Equal("article-list-1", await page.Get<string>("document.getElementById('article').getAttribute('aria-activedescendant')"));
        Assert.Equal("1", await page.Get<string>("document.querySelectorAll('#article-list [aria-selected=true]').length.toString()"));
        string second = await page.Get<string>("document.querySelector('#article-list-1 span').textContent");
        await page.Press("ArrowUp");
        await page.Press("ArrowUp");
        Assert.Equal("article-list-4", await page.Get<string>("document.getElementById('article').getAttribute('aria-activedescendant')"));

        // Escape closes the list and leaves what was typed.
        await page.Press("Escape");
        await page.WaitFor(Closed);
        Assert.Equal("KB44", await page.Get<string>(Article));
        await page.Press("ArrowDown");
        await page.WaitFor(Open);
        await page.Press("ArrowDown");
        await page.Press("ArrowDown");
        await page.Press("Enter");
        Assert.Equal(second, await page.Get<string>(Article));
        Assert.Equal("article", await page.Get<string>(Focused));

        // Tab takes the first suggestion while the list is open, and goes on when it is closed.
        await page.Press("Backspace");
        await page.WaitFor(Open);
        string first = await page.Get<string>("document.querySelector('#article-list-0 span').textContent");
        await page.Press("Tab");
        Assert.Equal((first, "article"), (await page.Get<string>(Article), await page.Get<string>(Focused)));
        await page.Press("Tab");
        Assert.Equal("message", await page.Get<string>(Focused));
        await page.Type("Hello, I ord");
        await page.WaitFor("!document.getElementById('message-list').hidden");
        Assert.Equal("ordered", await page.Get<string>("document.querySelector('#message-list-0 span').textContent"));
        await page.Press("Tab");
        Assert.Equal("Hello, I ordered", await page.Get<string>("document.getElementById('message').value"));
        Assert.Empty(page.Complaints);
    }

    [SkippableTheory]
    [InlineData("light", 1000)]
    [InlineData("dark", 375)]
    public async Task TheFormIsFilledByPointer(string scheme, int width)
    {
        using FormService service = FormService.Start(models);
        await using BrowserPage page = await OpenAsync(service, scheme, width);

        await page.Click("#article");
        await page.Type("KB-44");
        await page.WaitFor(Open);
        string third = await page.Get<string>("document.querySelector('#article-list-2 span').textContent");
        await page.Point("#article-list-2");
        await page.Click("#article-list-2");
        Assert.Equal((third, "article"), (await page.Get<string>(Article), await page.Get<string>(Focused)));
        Assert.True(await page.Get<bool>(Closed));
        // A click elsewhere closes the list.
        await page.Press("Backspace");
        await page.WaitFor(Open);
        await page.Click("h1");
        Assert.True(await page.Get<bool>(Closed));
        Assert.Empty(page.Complaints);
    }

    [SkippableTheory]
    [InlineData("light", 1000)]
    [InlineData("dark", 1000)]
    [InlineData("light", 375)]
    [InlineData("dark", 375)]
    public async Task AnUnusualValueIsMarkedInWords(string scheme, int width)
    {
        using FormService service = FormService.Start(models);
        await using BrowserPage page = await OpenAsync(service, scheme, width);

        await page.Click("#article");
        await page.Type("KB-4471-2K");
        await page.Press("Escape");
        await page.Press("Tab");
        await page.WaitFor("document.getElementById('article').getAttribute('aria-invalid') === 'true'");
        string note = await page.Get<string>("document.getElementById('article-note').textContent");
        Assert.Matches("^⚠ This looks unusual. Instead of “K” \\(character 10\\), “[0-9]” is likelier.KB-4471-2K$", note);
        Assert.Contains("article-note", await page.Get<string>("document.getElementById('article').getAttribute('aria-describedby')"),
            StringComparison.Ordinal);
        Assert.Equal("K", await page.Get<string>("document.querySelector('#article-note mark').textContent"));
        await page.Click("#message");
        await page.Type("Thank you for the order tomorow, with " + string.Join(' ', Enumerable.Repeat("xqzj", 20)));
        await page.Click("h1");
        await page.WaitFor("document.getElementById('message').getAttribute('aria-invalid') === 'true'");
        await AssertNothingOverflowsAsync(page);
        await Picture(page, $"unusual-{scheme}-{width}");

        // The mark goes when the value changes, and does not come for a good one.
        await page.Click("#article");
        await page.Press("End");
        await page.Press("Backspace");
        Assert.True(await page.Get<bool>("!document.getElementById('article').hasAttribute('aria-invalid')"));
        await page.Type("3");
        await page.Press("Escape");
        await page.Press("Tab");
        await FormService.UntilAsync(() => service.Count("check ok") == 3, "it is checked");
        Assert.Equal("", await page.Get<string>("document.getElementById('article-note').textContent"));
        Assert.Empty(page.Complaints);
    }

    [SkippableTheory]
    [InlineData("light", 1000)]
    [InlineData("dark", 375)]
    public async Task RowsAreWrittenAndTheFileIsOffered(string scheme, int width)
    {
        using FormService service = FormService.Start(models);
        await using BrowserPage page = await OpenAsync(service, scheme, width);

        await page.Press("Tab");
        await page.Press("ArrowRight");
        Assert.Equal("tab-rows", await page.Get<string>(Focused));
        Assert.True(await page.Get<bool>("document.getElementById('panel-form').hidden"));
        await page.Press("Tab");
        await page.Type("M");   // messages
        await page.Press("Tab");
        await page.Type("30");
        await page.Press("Tab");
        await page.Type("5");
        await page.Press("Enter");
        await page.WaitFor("!document.getElementById('download').hidden");
        Assert.Equal("Done: 30 rows, seed 5.", await page.Get<string>("document.getElementById('progress').textContent"));
        string[] rows = await page.Get<string[]>("[...document.querySelectorAll('#rows li')].map(row => row.textContent)");
        Assert.Equal(30, rows.Length);
        await AssertNothingOverflowsAsync(page);
        await Picture(page, $"rows-{scheme}-{width}");
        string file = await service.Client.GetStringAsync(
            await page.Get<string>("document.getElementById('download').getAttribute('href')"));
        Assert.All(rows, row => Assert.Contains(row.Replace("\"", "\"\"", StringComparison.Ordinal), file, StringComparison.Ordinal));
        Assert.Empty(page.Complaints);
    }

    [SkippableFact]
    public async Task AStreamIsStoppedAndTheFileHasWhatCame()
    {
        using FormService service = FormService.Start(models, ("Limits:Rows", "1000000"));
        await using BrowserPage page = await OpenAsync(service, "light", 1000);

        await page.Click("#tab-rows");
        await page.Click("#count");
        await page.Press("End");
        await page.Type("0000");
        await page.Click("#start");
        await page.WaitFor("document.querySelectorAll('#rows li').length > 5");
        await page.Click("#stop");
        await page.WaitFor("!document.getElementById('download').hidden");
        await FormService.UntilAsync(() => service.Count("rows cancelled") == 1, "the service has stopped, too");
        Assert.StartsWith("Stopped: ", await page.Get<string>("document.getElementById('progress').textContent"), StringComparison.Ordinal);
        string[] rows = await page.Get<string[]>("[...document.querySelectorAll('#rows li')].map(row => row.textContent)");
        string file = await service.Client.GetStringAsync(
            await page.Get<string>("document.getElementById('download').getAttribute('href')"));
        Assert.Equal(rows, file.Split("\r\n")[1..(rows.Length + 1)]);
        Assert.Empty(page.Complaints);
    }

    [SkippableFact]
    public async Task MarkupIsShownAsTextAndNeverRun()
    {
        const string Script = "<img src=x onerror=document.title='run'><script>document.title='run'</script>";
        using FormService service =
            FormService.Start(models, ("Models:articles:Suggest:To", "Word"), ("Models:articles:Suggest:Typos", "0"));
        using (RnnLm.RnnLanguageModel model = Tiny.Train([Script], filter: false))
        {
            model.Calibrate(Enumerable.Range(0, 200).Select(i => RnnLm.TextRow.Row(Script[..(20 + (i % (Script.Length - 20)))])))
                .Save(service.Articles);
            File.Copy(service.Articles, service.Messages, overwrite: true);
        }

        await FormService.UntilAsync(() => service.Log.Count(line => line.Contains("was loaded")) == 4, "the models are taken up");
        await using BrowserPage page = await OpenAsync(service, "light", 1000);
        await page.Click("#article");
        await page.Type("<img src=x onerror=document.title='run'><scr");
        await page.WaitFor(Open);
        Assert.Contains("<script", await page.Get<string>("document.getElementById('article-list').textContent"), StringComparison.Ordinal);
        await page.Press("Escape");
        await page.Type("ipt>document.title='run'</script>ξξξξξξξξ");
        await page.Click("h1");
        await page.WaitFor("document.getElementById('article-note').textContent !== ''");
        Assert.Contains("<script>", await page.Get<string>("document.getElementById('article-note').textContent"),
            StringComparison.Ordinal);
        await page.Click("#tab-rows");
        await page.Click("#start");
        await page.WaitFor("!document.getElementById('download').hidden");

        Assert.Equal("Form and test data", await page.Get<string>("document.title"));
        Assert.Equal(0, await page.Get<int>("document.querySelectorAll('main img, main script').length"));
        Assert.Empty(page.Complaints);
    }

    [SkippableFact]
    public async Task KeysThatFollowEachOtherAskOnceAndTheAnswerIsThatOfTheLast()
    {
        using FormService service = FormService.Start(models);
        await using BrowserPage page = await OpenAsync(service, "light", 1000);

        await page.Get<bool>("""
            (() => {
              const field = document.getElementById('article');
              for (const key of 'K23-447') {
                field.value += key;
                field.dispatchEvent(new Event('input'));
              }
              return true;
            })()
            """);
        await page.WaitFor(Open);
        Assert.Single(page.Requests, request => request.EndsWith("/suggest", StringComparison.Ordinal));
        string[] expected = await service.SuggestAsync("articles", "K23-447");
        Assert.Equal(expected,
            await page.Get<string[]>("[...document.querySelectorAll('#article-list li')].map(li => li.firstChild.textContent)"));
    }

    [SkippableFact]
    public async Task TheNextKeyEndsTheSearchForTheOneBefore()
    {
        using FormService service = FormService.Start(models, LimitTests.Endless);
        await using BrowserPage page = await OpenAsync(service, "light", 1000);

        await page.Click("#message");
        await page.Type("thank you and");
        await FormService.UntilAsync(() => service.Count("rnnlm.request.active") == 1, "a search runs");
        await page.Type(" ");
        await FormService.UntilAsync(() => service.Count("suggest cancelled") > 0, "it has ended");
        Assert.Empty(page.Complaints);
    }

    [SkippableFact]
    public async Task WhatTheServiceRefusesIsToldInWords()
    {
        using FormService service = FormService.Start(null);
        await using BrowserPage page = await OpenAsync(service, "light", 375);

        await page.Click("#article");
        await page.Type("KB");
        await page.WaitFor("document.querySelector('.status').textContent !== ''");
        Assert.Equal("No suggestions. The model 'articles' is not loaded: its file is missing.",
            await page.Get<string>("document.querySelector('.status').textContent"));
        await page.Click("#tab-rows");
        await page.Click("#start");
        await page.WaitFor("!document.getElementById('start').disabled && document.getElementById('progress').textContent !== ''");
        Assert.Equal("The model 'articles' is not loaded: its file is missing.",
            await page.Get<string>("document.getElementById('progress').textContent"));
        await Picture(page, "refused-light-375");
    }

    private Task<BrowserPage> OpenAsync(FormService service, string scheme, int width) =>
        browser.OpenAsync(service.Client.BaseAddress!.ToString(), width, scheme, "[role=tab]");

    private static async Task AssertNothingOverflowsAsync(BrowserPage page) => Assert.Equal(
        await page.Get<int>("document.documentElement.clientWidth"), await page.Get<int>("document.documentElement.scrollWidth"));

    private static async Task Picture(BrowserPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("RNNLM_PICTURES") is { Length: > 0 } folder)
            await page.Picture(Path.Combine(folder, name + ".png"));
    }
}
