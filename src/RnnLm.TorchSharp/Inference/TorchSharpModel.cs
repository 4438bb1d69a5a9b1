using RnnLm.Modeling;
using RnnLm.TorchSharp.Devices;
using RnnLm.TorchSharp.Memory;
using RnnLm.TorchSharp.Modeling;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Inference;

/// <summary>
/// A model on a libtorch device, with weights that nothing writes: so any number of threads may run it. Sessions and calls hold the
/// weights: disposing the model ends none of them, and the last to go frees the weights.
/// </summary>
internal abstract class TorchSharpModel : IDisposable
{
    private readonly int _threads;
    private int _users = 1;
    private bool _disposed;

    protected TorchSharpModel(ModelConfig config, ModelWeights weights, int threads, Device device)
    {
        Config = config;
        _threads = threads;
        TorchThreads.Use(threads);
        using DisposeScope scope = NewDisposeScope();
        Module = CharRnnModule.Create(config, device);
        using (no_grad())
        {
            foreach ((string name, TorchParameter parameter) in Module.named_parameters())
            {
                parameter.requires_grad = false;
                if (weights.TryGet(name, out WeightTensor? values))
                    parameter.copy_(HostArrays.ToTensor(values.Values, CPU, parameter.shape));
            }
        }

        Module.eval();
    }

    public ModelConfig Config { get; }

    protected CharRnnModule Module { get; }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
            Release();
    }

    /// <summary>What every call begins with; dispose scopes and the number of threads belong to the thread that calls.</summary>
    public DisposeScope Begin()
    {
        TorchThreads.Use(_threads);
        return NewDisposeScope();
    }

    /// <summary>Gives back what the model, a session or a call held.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            Module.Dispose();
    }

    /// <summary>Holds the weights, so that no other thread frees them meanwhile.</summary>
    protected void Retain()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
            ObjectDisposedException.ThrowIf(_disposed || users == 0, this);
        }
        while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);
    }
}
