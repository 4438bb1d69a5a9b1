using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Memory;
using RnnLm.TorchSharp.Modeling;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Inference;

/// <summary>A classifier on a libtorch device.</summary>
internal sealed class TorchSharpClassifier : TorchSharpModel, IClassifierRuntime
{
    private readonly ClassPass _pass;

    public TorchSharpClassifier(ModelConfig config, ModelWeights weights, int threads, Device device)
        : base(config, weights, threads, device) =>
        _pass = new ClassPass(Module, config);

    public void Classify(Minibatch batch, Span<float> probabilities)
    {
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
}
