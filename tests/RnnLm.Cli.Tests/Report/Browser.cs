using PuppeteerSharp;

namespace RnnLm.Cli.Tests;

/// <summary>A Chromium without a window, where the machine has one.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    private static readonly string[] Flags =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync"];

    private IBrowser? _browser;

    /// <summary>
    /// Opens a file or an address in a window of a size and colour scheme, and waits until an element is there; skips the test where there
    /// is no browser.
    /// </summary>
    public async Task<BrowserPage> OpenAsync(string path, int width, string scheme, string element = "#counts li")
    {
        Skip.If(_browser is null, $"There is no Chromium: none of {string.Join(", ", Names)} is on the PATH.");
        IPage page = await _browser.NewPageAsync();
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 800 });
        await page.EmulateMediaFeaturesAsync([new() { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme }]);
        var opened = new BrowserPage(page);
        await page.GoToAsync(new Uri(path).AbsoluteUri);
        await page.WaitForSelectorAsync(element);
        return opened;
    }

    public async Task InitializeAsync()
    {
        string[] folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        string? path = Names.SelectMany(name =>
            folders.Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))).FirstOrDefault(File.Exists);
        if (path is not null)
            _browser = await Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = path, Headless = true, Args = Flags });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
    }
}
