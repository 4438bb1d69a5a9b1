using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.Lanes;
using RnnLm.Managed;
using RnnLm.ModelFiles;

namespace RnnLm.Runtime;

/// <summary>A saved model and, once it is first asked for, the model made ready to run. Shared by whoever runs it, each of whom counts as an owner.</summary>
internal sealed class LoadedModel
{
    private readonly EngineSelector _engines;
    private readonly DeviceOptions _device;
    private readonly IProgress<LogMessage>? _log;
    private readonly Lock _gate = new();
    private IInferenceModel? _inference;
    private int _owners = 1;

    public LoadedModel(SavedModel saved, DeviceOptions device, IProgress<LogMessage>? log = null, EngineSelector? engines = null)
    {
        (Saved, _device, _log) = (saved, device.Clone(), log);
        _engines = engines ?? EngineSelector.Default;
    }

    public SavedModel Saved { get; }

    /// <summary>Gets how the model's texts are framed.</summary>
    public TextFraming Framing => new(Saved.Vocabulary, Saved.DataMode, Saved.RowSeparator);

    /// <summary>Gets the model made ready to run.</summary>
    /// <exception cref="ObjectDisposedException">No one owns the model any more.</exception>
    /// <exception cref="MemoryLimitException">It takes more memory than there is.</exception>
    public IInferenceModel Inference
    {
        get
        {
            lock (_gate)
            {
                ThrowIfDisposed();
                if (_inference is null)
                {
                    EngineChoice choice = _engines.ForInference(_device, _log);
                    // TorchSharp's engine takes a copy of the weights, and so does the managed one in an order of its own.
                    if (choice.Device.Kind == DeviceKind.Cpu)
                        MachineMemory.Current.Require(ManagedMemory.Inference(Saved.Config).Total, "the model, made ready to run, takes");
                    _inference = choice.Engine.LoadForInference(Saved.Config, Saved.Weights, new InferenceOptions { Device = choice.Device, Threads = choice.Threads });
                }

                return _inference;
            }
        }
    }

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
                _inference?.Dispose();
        }
    }

    private void ThrowIfDisposed()
    {
        if (_owners == 0)
            throw new ObjectDisposedException(objectName: null, "The model was disposed of; load it again.");
    }
}
