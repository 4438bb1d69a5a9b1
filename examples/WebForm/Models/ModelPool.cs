using Microsoft.Extensions.Options;

namespace WebForm.Models;

/// <summary>Loads the models before the service listens, lends them to requests, and looks at their files again and again.</summary>
internal sealed class ModelPool : BackgroundService
{
    private readonly Dictionary<string, ServedModel> _models;
    private readonly TimeSpan _interval;

    public ModelPool(IOptions<ModelSettings> settings, IOptions<FormSettings> form, ILogger<ModelPool> logger)
    {
        _interval = form.Value.WatchInterval;
        _models = settings.Value.ToDictionary(
            entry => entry.Key,
            entry => new ServedModel(entry.Key, Path.Combine(AppContext.BaseDirectory, entry.Value.Path), entry.Value, logger),
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Gets the models by their names.</summary>
    public IReadOnlyDictionary<string, ServedModel> Models => _models;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (ServedModel model in _models.Values)
            model.Look(atOnce: true);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        foreach (ServedModel model in _models.Values)
            model.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (ServedModel model in _models.Values)
                model.Look();
        }
    }
}
