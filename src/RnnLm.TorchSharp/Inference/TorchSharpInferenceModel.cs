using RnnLm.TorchSharp.Devices;
using RnnLm.TorchSharp.Memory;
using RnnLm.TorchSharp.Modeling;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Inference;

/// <summary>
/// A model on a libtorch device, with weights that nothing writes: so any number of threads may run it. Sessions hold the weights: disposing the model
/// ends no session, and the last to go frees them.
/// </summary>
internal sealed class TorchSharpInferenceModel : IInferenceModel
{
    private readonly CharRnnModule _module;
    private readonly BatchPass _pass;
    private readonly int _threads;
    private int _users = 1;
    private bool _disposed;

    public TorchSharpInferenceModel(ModelConfig config, ModelWeights weights, int threads, Device device)
    {
        Config = config;
        _threads = threads;
        TorchThreads.Use(threads);
        using DisposeScope scope = NewDisposeScope();
        _module = CharRnnModule.Create(config, device);
        using (no_grad())
        {
            foreach ((string name, TorchParameter parameter) in _module.named_parameters())
            {
                parameter.requires_grad = false;
                if (weights.TryGet(name, out WeightTensor? values))
                    parameter.copy_(HostArrays.ToTensor(values.Values, CPU, parameter.shape));
            }
        }

        _module.eval();
        _pass = new BatchPass(_module, config);
    }

    public ModelConfig Config { get; }

    public IInferenceSession CreateSession(int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        if (Config.Task != ModelTask.LanguageModel)
            throw new InvalidOperationException("The model is a classifier, which has no continuations. Call Classify.");
        Retain();
        try
        {
            TorchThreads.Use(_threads);
            return new TorchSharpInferenceSession(this, _module, lanes);
        }
        catch
        {
            Release();
            throw;
        }
    }

    public void Classify(Minibatch batch, Span<float> probabilities)
    {
        if (Config.Task != ModelTask.Classification)
            throw new InvalidOperationException("The model is a language model, which knows no classes. Call CreateSession.");
        Retain();
        try
        {
            using DisposeScope scope = Begin();
            using IDisposable inference = inference_mode();
            HostArrays.Read(nn.functional.softmax(_pass.Forward(batch, carried: null, dropout: null).Logits, 1), probabilities);
        }
        finally
        {
            Release();
        }
    }

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
            _module.Dispose();
    }

    /// <summary>Holds the weights, so that no other thread frees them meanwhile.</summary>
    private void Retain()
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
