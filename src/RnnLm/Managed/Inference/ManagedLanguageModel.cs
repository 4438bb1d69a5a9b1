using RnnLm.Engines;
using RnnLm.Modeling;

namespace RnnLm.Managed.Inference;

/// <summary>A language model packed for the managed engine's kernels. The layers are never written again.</summary>
/// <param name="config">The model.</param>
/// <param name="weights">Its weights; copied.</param>
/// <param name="threads">The number of threads that a step may use.</param>
/// <param name="vector">The floats of a vector: 16, 8 or 4. Results do not depend on it.</param>
internal sealed class ManagedLanguageModel(ModelConfig config, ModelWeights weights, int threads, int vector) : ILanguageModelRuntime
{
    private readonly ModelLayers _layers = new(config, weights, vector);
    private volatile bool _disposed;

    public ModelConfig Config => _layers.Config;

    public IInferenceSession CreateSession(int lanes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        return new ManagedInferenceSession(_layers, lanes, threads);
    }

    public void Dispose() => _disposed = true;
}
