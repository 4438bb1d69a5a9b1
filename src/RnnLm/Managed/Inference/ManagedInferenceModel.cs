namespace RnnLm.Managed.Inference;

/// <summary>A model packed for the managed engine's kernels. The layers are never written again, and sessions hold them: disposing the model ends no session.</summary>
internal sealed class ManagedInferenceModel : IInferenceModel
{
    private readonly ModelLayers _layers;
    private readonly int _threads;
    private volatile bool _disposed;

    /// <summary>Packs a model.</summary>
    /// <param name="config">The model.</param>
    /// <param name="weights">Its weights; copied.</param>
    /// <param name="threads">The number of threads that a step may use.</param>
    /// <param name="lanes">The floats of a vector: 16, 8 or 4. Results do not depend on it.</param>
    public ManagedInferenceModel(ModelConfig config, ModelWeights weights, int threads, int lanes)
    {
        _layers = new ModelLayers(config, weights, lanes);
        _threads = threads;
    }

    public ModelConfig Config => _layers.Config;

    public IInferenceSession CreateSession(int lanes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        if (Config.Task != ModelTask.LanguageModel)
            throw new InvalidOperationException("The model is a classifier, which has no continuations. Call Classify.");
        return new ManagedInferenceSession(_layers, lanes, _threads);
    }

    public void Classify(Minibatch batch, Span<float> probabilities)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(batch);
        if (Config.Task != ModelTask.Classification)
            throw new InvalidOperationException("The model is a language model, which knows no classes. Call CreateSession.");
        new ClassifierPass(_layers, batch).Run(probabilities);
    }

    public void Dispose() => _disposed = true;
}
