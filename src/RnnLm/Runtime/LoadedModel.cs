using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.Lanes;
using RnnLm.Managed;
using RnnLm.ModelFiles;

namespace RnnLm.Runtime;

/// <summary>A saved model and, once it is first asked for, the model made ready to run. Shared by whoever runs it, each of whom counts as
/// an owner.</summary>
internal sealed class LoadedModel
{
    private readonly EngineSelector _engines;
    private readonly DeviceOptions _device;
    private readonly IProgress<LogMessage>? _log;
    private readonly Lock _gate = new();
    private IDisposable? _runtime;
    private TextFraming? _framing;
    private int _owners = 1;

    public LoadedModel(SavedModel saved, DeviceOptions device, IProgress<LogMessage>? log = null, EngineSelector? engines = null)
    {
        (Saved, _device, _log) = (saved, device.Clone(), log);
        _engines = engines ?? EngineSelector.Default;
    }

    public SavedModel Saved { get; }

    /// <summary>Gets how the model's texts are framed, with the patterns that were compiled for it: one for all who run the
    /// model.</summary>
    public TextFraming Framing =>
        LazyInitializer.EnsureInitialized(ref _framing, () => new TextFraming(Saved.Vocabulary, Saved.DataMode, Saved.RowSeparator));

    /// <summary>Gets a language model made ready to run.</summary>
    /// <exception cref="ObjectDisposedException">No one owns the model any more.</exception>
    /// <exception cref="MemoryLimitException">It takes more memory than there is.</exception>
    public ILanguageModelRuntime LanguageModel =>
        Runtime((engine, options) => engine.LoadLanguageModel(Saved.Config, Saved.Weights, options));

    /// <summary>Gets a classifier made ready to run.</summary>
    /// <exception cref="ObjectDisposedException">No one owns the model any more.</exception>
    /// <exception cref="MemoryLimitException">It takes more memory than there is.</exception>
    public IClassifierRuntime Classifier => Runtime((engine, options) => engine.LoadClassifier(Saved.Config, Saved.Weights, options));

    /// <summary>Counts one owner more, who must call <see cref="Release"/>.</summary>
    public LoadedModel Share()
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            _owners++;
            return this;
        }
    }

    /// <summary>Counts one owner less; with the last, what the engine holds is given back.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (_owners > 0 && --_owners == 0)
                _runtime?.Dispose();
        }
    }

    private T Runtime<T>(Func<IEngine, InferenceOptions, T> load)
        where T : class, IDisposable
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            if (_runtime is null)
            {
                EngineChoice choice = _engines.ForInference(_device, _log);
                // TorchSharp's engine takes a copy of the weights, and so does the managed one in an order of its own.
                if (choice.Device.Kind == DeviceKind.Cpu)
                    MachineMemory.Current.Require(ManagedMemory.Inference(Saved.Config).Total, "the model, made ready to run, takes");
                _runtime = load(choice.Engine, new InferenceOptions { Device = choice.Device, Threads = choice.Threads });
            }

            return (T)_runtime;
        }
    }

    private void ThrowIfDisposed()
    {
        if (_owners == 0)
            throw new ObjectDisposedException(objectName: null, "The model was disposed of; load it again.");
    }
}
