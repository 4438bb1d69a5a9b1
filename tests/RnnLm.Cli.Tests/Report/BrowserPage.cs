using PuppeteerSharp;

namespace RnnLm.Cli.Tests;

/// <summary>A page in a browser, with all that it asked for and complained of.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly IPage _page;

    public BrowserPage(IPage page)
    {
        _page = page;
        page.Request += (_, e) => Requests.Add(e.Request.Url);
        page.Console += (_, e) => Complaints.Add(e.Message.Text);
        page.PageError += (_, e) => Complaints.Add(e.Message);
    }

    public IList<string> Requests { get; } = [];

    public IList<string> Complaints { get; } = [];

    /// <summary>Evaluates an expression of JavaScript.</summary>
    public Task<T> Get<T>(string expression) => _page.EvaluateExpressionAsync<T>(expression);

    /// <summary>Clicks on an element.</summary>
    public Task Click(string selector) => _page.ClickAsync(selector);

    /// <summary>Moves the pointer to the middle of an element.</summary>
    public Task Point(string selector) => _page.HoverAsync(selector);

    /// <summary>Types into the element that has the focus.</summary>
    public Task Type(string text) => _page.Keyboard.TypeAsync(text);

    /// <summary>Presses a key, such as "Tab".</summary>
    public Task Press(string key) => _page.Keyboard.PressAsync(key);

    /// <summary>Waits until an expression of JavaScript is true.</summary>
    public Task WaitFor(string expression) => _page.WaitForExpressionAsync(expression);

    /// <summary>Writes a picture of the whole page.</summary>
    public Task Picture(string path) => _page.ScreenshotAsync(path, new ScreenshotOptions { FullPage = true });

    public ValueTask DisposeAsync() => _page.DisposeAsync();
}
