using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Training.Optimizers;

/// <summary>Gradient descent, as <c>torch.optim.SGD</c>.</summary>
internal sealed class FlatSgd : FlatOptimizer
{
    private readonly OptimizerOptions _options;
    private readonly Tensor? _momentum;

    public FlatSgd(OptimizerOptions options, Tensor weights)
    {
        _options = options;
        _momentum = options.Momentum > 0 ? AddState("momentum_buffer", weights) : null;
    }

    protected override void Update(Tensor weights, Tensor gradients, double learningRate)
    {
        AddWeightDecay(gradients, weights, _options.WeightDecay);
        Tensor direction = _momentum is null ? gradients : _momentum.MultiplyBy(_options.Momentum).Add(gradients);
        weights.Add(direction, -learningRate);
    }
}
