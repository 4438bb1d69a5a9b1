// Written by 'rnnlm codegen' (RnnLm 0.1.0) from messages.rnnlm.json. It is yours to change.
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using RnnLm;
using Engine = Microsoft.ML.PredictionEngine<Web.Messages.ModelInput, Web.Messages.ModelOutput>;

namespace Web;

/// <summary>
/// Holds the model and lends it to requests. Once a second it looks at the model's file. A file that was replaced is loaded and serves the
/// requests that follow; requests that are running end with the model they began with. The health check says whether the file is as good as
/// the model in memory.
/// </summary>
internal sealed class ModelPool : BackgroundService, IHealthCheck
{
    private const string Missing = "is missing";

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly ILogger<ModelPool> _logger;
    private (DateTime Written, long Length)? _loaded;
    private LoadedModel _current;
    private string? _fault;

    /// <summary>Loads the model.</summary>
    /// <param name="path">The zip.</param>
    /// <param name="logger">Is told of each file that is taken up, or that can't be.</param>
    /// <exception cref="InvalidDataException">The file can't be loaded.</exception>
    public ModelPool(string path, ILogger<ModelPool> logger)
    {
        (_path, _logger, _loaded) = (path, logger, State(path));
        _current = new LoadedModel(path);
    }

    /// <summary>Lends the model to a request, which disposes what it was lent.</summary>
    public ModelLease Rent()
    {
        lock (_gate)
            return new ModelLease(_current.Hold());
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string state = "loaded" + (_fault is null ? "" : $", file {_fault}");
        return Task.FromResult(new HealthCheckResult(
            _fault is null ? HealthStatus.Healthy : HealthStatus.Degraded, state,
            data: new Dictionary<string, object>(StringComparer.Ordinal) { [Path.GetFileNameWithoutExtension(_path)] = state }));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        (DateTime, long)? before = _loaded;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            (DateTime, long)? now = State(_path);
            if (now is null && _fault != Missing)
            {
                // The same file may come back.
                (_fault, _loaded) = (Missing, null);
                _logger.LogWarning("The model file {Path} is missing. The model in memory stays in use.", _path);
            }

            // A file that changed within the last second may still be being written.
            if (now is not null && now != _loaded && now == before)
            {
                _loaded = now;
                Reload();
            }

            before = now;
        }
    }

    private void Reload()
    {
        try
        {
            var loaded = new LoadedModel(_path);
            LoadedModel replaced;
            lock (_gate)
                (replaced, _current) = (_current, loaded);
            replaced.Release();
            _fault = null;
            _logger.LogInformation("The model file {Path} was replaced, and the new model is in use.", _path);
        }
        catch (Exception exception)
        {
            // Whatever is wrong with the file: the service goes on.
            _fault = "can't be loaded";
            _logger.LogError(
                "The model file {Path} was replaced, but can't be loaded. The model in memory stays in use. {Reason}",
                _path, exception.Message);
        }
    }

    /// <summary>Returns what tells one file from another in its place, or null while there is none.</summary>
    private static (DateTime Written, long Length)? State(string path)
    {
        try
        {
            var file = (FileInfo)(File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path));
            return file.Exists ? (file.LastWriteTimeUtc, file.Length) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>A model in memory, and engines that predict with it. It is disposed when the pool and all requests have released it.</summary>
internal sealed class LoadedModel : PooledObjectPolicy<Engine>
{
    private readonly MLContext _context = new() { GpuDeviceId = null, FallbackToCpu = true };
    private readonly ITransformer _transformer;
    private int _holders = 1;

    /// <exception cref="InvalidDataException">The file is damaged, or its model is another than this program was written for.</exception>
    public LoadedModel(string path)
    {
        try
        {
            _transformer = _context.Model.Load(path, out _);
        }
        catch (Exception exception)
        {
            throw new InvalidDataException(
                $"The model file '{path}' is damaged: {exception.Message} Train the model again, or name another file with --model FILE.",
                exception);
        }

        try
        {
            LanguageModel = Messages.FindLanguageModel(_transformer).Model;
            Engines = new DefaultObjectPoolProvider().Create(this);
            // A model whose columns are others fails here, and not in a request.
            Engines.Return(Engines.Get());
        }
        catch (Exception exception)
        {
            (_transformer as IDisposable)?.Dispose();
            throw new InvalidDataException(
                $"The model file '{path}' holds another model than this program was written for. Name another file with --model FILE, "
                + "or write the program for this one with 'rnnlm codegen'.", exception);
        }
    }

    /// <summary>Gets the engines. Each serves one request at a time.</summary>
    public ObjectPool<Engine> Engines { get; }

    /// <summary>Gets the language model, which serves any number of requests at a time.</summary>
    public RnnLanguageModel LanguageModel { get; }

    public LoadedModel Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
            return;
        (Engines as IDisposable)?.Dispose();
        (_transformer as IDisposable)?.Dispose();
    }

    public override Engine Create() => _context.Model.CreatePredictionEngine<Messages.ModelInput, Messages.ModelOutput>(
        _transformer, new PredictionEngineOptions { OwnsTransformer = false });

    public override bool Return(Engine obj) => true;
}

/// <summary>A model that is lent to one request.</summary>
internal sealed class ModelLease(LoadedModel model) : IDisposable
{
    private Engine? _engine;

    public Engine Engine => _engine ??= model.Engines.Get();

    public RnnLanguageModel LanguageModel => model.LanguageModel;

    public void Dispose()
    {
        if (_engine is not null)
            model.Engines.Return(_engine);
        model.Release();
    }
}
