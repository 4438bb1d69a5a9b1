namespace WebForm.Models;

/// <summary>
/// A model's file, and the model that was loaded from it last. A file that was replaced is loaded and serves the requests that follow;
/// requests that are running end with the model they began with. A file that can't be loaded changes nothing.
/// </summary>
internal sealed partial class ServedModel(string name, string path, ModelSetting setting, ILogger logger) : IDisposable
{
    private const string Missing = "is missing";

    private readonly Lock _gate = new();
    private (DateTime Written, long Length)? _seen;
    private (DateTime Written, long Length)? _tried;
    private LoadedModel? _current;

    public string Path => path;

    /// <summary>Gets whether there is a model to lend.</summary>
    public bool IsLoaded => _current is not null;

    /// <summary>Gets what is wrong with the file, such as "is missing" or "is damaged"; null for nothing.</summary>
    public string? Fault { get; private set; }

    /// <summary>Lends the model to a request, which disposes what it was lent; null where there is none.</summary>
    public ModelLease? Rent()
    {
        lock (_gate)
            return _current is null ? null : new ModelLease(_current.Hold());
    }

    /// <summary>Looks at the file, and loads it if it is another one.</summary>
    /// <param name="atOnce">Whether it is taken as it is: else it is loaded only when it has not changed since the last look, as it may be
    /// being written still.</param>
    public void Look(bool atOnce = false)
    {
        (DateTime, long)? now = State();
        if (now is null)
        {
            if (Fault != Missing)
                LogMissing(logger, name, path);
            (Fault, _tried) = (Missing, null);
        }
        else if (now != _tried && (atOnce || now == _seen))
        {
            _tried = now;
            Load();
        }

        _seen = now;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _current?.Release();
            _current = null;
        }
    }

    private void Load()
    {
        try
        {
            var loaded = new LoadedModel(name, path, setting);
            lock (_gate)
            {
                _current?.Release();
                _current = loaded;
            }

            Fault = null;
            LogLoaded(logger, name, path);
        }
        catch (ModelFaultException exception)
        {
            Fault = exception.Fault;
            LogUnfit(logger, name, path, Fault, Consequence);
        }
        catch (Exception exception)
        {
            // Whatever is wrong with the file: the service goes on.
            Fault = "is damaged";
            LogDamaged(logger, exception, name, path, Consequence);
        }
    }

    private string Consequence => IsLoaded ? "The model in memory stays in use." : "There is no model to use.";

    /// <summary>Returns what tells one file from another in its place, or null while there is none.</summary>
    private (DateTime Written, long Length)? State()
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file of the model {Name}, {File}, is missing.")]
    private static partial void LogMissing(ILogger logger, string name, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "The model {Name} was loaded from {File}.")]
    private static partial void LogLoaded(ILogger logger, string name, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The file of the model {Name}, {File}, {Fault}. {Consequence}")]
    private static partial void LogUnfit(ILogger logger, string name, string file, string fault, string consequence);

    [LoggerMessage(Level = LogLevel.Error, Message = "The file of the model {Name}, {File}, can't be loaded. {Consequence}")]
    private static partial void LogDamaged(ILogger logger, Exception exception, string name, string file, string consequence);
}
