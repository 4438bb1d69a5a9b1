using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;

namespace RnnLm.Managed.Inference;

/// <summary>A classifier packed for the managed engine's kernels. The layers are never written again.</summary>
/// <param name="config">The model.</param>
/// <param name="weights">Its weights; copied.</param>
/// <param name="vector">The floats of a vector: 16, 8 or 4. Results do not depend on it.</param>
internal sealed class ManagedClassifier(ModelConfig config, ModelWeights weights, int vector) : IClassifierRuntime
{
    private readonly ModelLayers _layers = new(config, weights, vector);
    private volatile bool _disposed;

    public ModelConfig Config => _layers.Config;

    public void Classify(Minibatch batch, Span<float> probabilities)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(batch);
        new ClassifierPass(_layers, batch).Run(probabilities);
    }

    public void Dispose() => _disposed = true;
}
