using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Training.Optimizers;

/// <summary>RMSprop, as <c>torch.optim.RMSprop</c>.</summary>
internal sealed class FlatRmsProp : FlatOptimizer
{
    private readonly OptimizerOptions _options;
    private readonly Tensor _squareAverage;
    private readonly Tensor? _momentum;

    public FlatRmsProp(OptimizerOptions options, Tensor weights)
    {
        _options = options;
        _squareAverage = AddState("square_avg", weights);
        _momentum = options.Momentum > 0 ? AddState("momentum_buffer", weights) : null;
    }

    protected override void Update(Tensor weights, Tensor gradients, double learningRate)
    {
        AddWeightDecay(gradients, weights, _options.WeightDecay);
        _squareAverage.MultiplyBy(_options.Alpha).AddProduct(gradients, gradients, 1 - _options.Alpha);
        Tensor divisor = _squareAverage.sqrt().Increase(_options.EffectiveEpsilon);
        if (_momentum is null)
            weights.AddQuotient(gradients, divisor, -learningRate);
        else
            weights.Add(_momentum.MultiplyBy(_options.Momentum).AddQuotient(gradients, divisor), -learningRate);
    }
}
