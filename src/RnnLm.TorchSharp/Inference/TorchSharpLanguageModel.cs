using RnnLm.Engines;
using RnnLm.Modeling;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Inference;

/// <summary>A language model on a libtorch device.</summary>
internal sealed class TorchSharpLanguageModel(ModelConfig config, ModelWeights weights, int threads, Device device)
    : TorchSharpModel(config, weights, threads, device), ILanguageModelRuntime
{
    public IInferenceSession CreateSession(int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        Retain();
        try
        {
            using DisposeScope scope = Begin();
            return new TorchSharpInferenceSession(this, Module, lanes);
        }
        catch
        {
            Release();
            throw;
        }
    }
}
