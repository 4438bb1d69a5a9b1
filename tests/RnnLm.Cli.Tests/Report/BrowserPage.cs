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

    public ValueTask DisposeAsync() => _page.DisposeAsync();
}
