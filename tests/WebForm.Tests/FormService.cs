using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RnnLm.Tests;

namespace WebForm.Tests;

/// <summary>The service on a port of its own, with copies of the models, the log, and what it measures.</summary>
internal sealed class FormService : WebApplicationFactory<Program>
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _settings;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly LogLines _log = new();
    private object? _meters;
    private bool _isDisposed;

    private FormService(Dictionary<string, string> settings, Action<KestrelServerLimits>? limit)
    {
        _settings = settings;
        UseKestrel(kestrel =>
        {
            // A port that is given as a number is set after the program was built, while it may have started already.
            kestrel.Listen(IPAddress.Loopback, 0);
            limit?.Invoke(kestrel.Limits);
        });
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Other services measure in this process too.
            if (instrument.Meter.Name == "WebForm" && ReferenceEquals(instrument.Meter.Scope, _meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Add(string.Join(' ', tags.ToArray().Select(tag => tag.Value)), 1));
    }

    public IReadOnlyCollection<string> Log => _log.Lines;

    /// <summary>Gets a client that waits as long as a test may take.</summary>
    public HttpClient Client { get; private set; } = null!;

    public string Articles => _folder["articles.zip"];

    public string Messages => _folder["messages.zip"];

    /// <summary>Starts the service.</summary>
    /// <param name="models">The models to copy; null for none, so that both are missing.</param>
    /// <param name="settings">Settings that are not those of appsettings.json.</param>
    public static FormService Start(TrainedModels? models, params (string Key, string Value)[] settings) => Start(models, null, settings);

    /// <summary>Starts the service.</summary>
    /// <param name="models">The models to copy; null for none, so that both are missing.</param>
    /// <param name="limit">Sets limits of the server itself; null for its own.</param>
    /// <param name="settings">Settings that are not those of appsettings.json.</param>
    public static FormService Start(
        TrainedModels? models, Action<KestrelServerLimits>? limit, params (string Key, string Value)[] settings)
    {
        var service = new FormService(settings.ToDictionary(setting => setting.Key, setting => setting.Value), limit);
        if (models is not null)
        {
            File.Copy(models.Articles, service.Articles);
            File.Copy(models.Messages, service.Messages);
        }

        service.StartServer();
        service._meters = service.Services.GetRequiredService<IMeterFactory>();
        service._listener.Start();
        service.Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 })
        {
            BaseAddress = service.ClientOptions.BaseAddress, Timeout = TimeSpan.FromMinutes(2),
        };
        return service;
    }

    /// <summary>Returns what was counted: an instrument by its name, the durations by "operation outcome".</summary>
    public long Count(string name) => _counts.GetValueOrDefault(name);

    /// <summary>Sends a request to a model.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, object body, CancellationToken cancelled = default) =>
        Client.PostAsJsonAsync($"api/models/{path}", body, cancelled);

    /// <summary>Sends a request that must be answered.</summary>
    public async Task<JsonElement> AskAsync(string path, object body)
    {
        HttpResponseMessage answer = await PostAsync(path, body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Returns the texts of suggestions.</summary>
    public async Task<string[]> SuggestAsync(string model, string text, int count = 5) =>
        [.. (await AskAsync($"{model}/suggest", new { text, count })).GetProperty("suggestions").EnumerateArray()
            .Select(suggestion => suggestion.GetProperty("text").GetString()!)];

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        for (int i = 0; !holds(); i++)
        {
            Assert.True(i < 6000, $"It did not come about in a minute that {what}.");
            await Task.Delay(10);
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Demonstration", "false");
        builder.UseSetting("WatchInterval", "00:00:00.05");
        builder.UseSetting("Models:articles:Path", Articles);
        builder.UseSetting("Models:messages:Path", Messages);
        foreach ((string key, string value) in _settings)
            builder.UseSetting(key, value);
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(_log));
    }

    protected override void Dispose(bool disposing)
    {
        // It is called twice.
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            Client?.Dispose();
            base.Dispose(disposing);
            _listener.Dispose();
            _folder.Dispose();
        }
    }

    private void Add(string name, long value) => _counts.AddOrUpdate(name, value, (_, sum) => sum + value);
}
