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
        _squareAverage.mul_(_options.Alpha).addcmul_(gradients, gradients, 1 - _options.Alpha);
        Tensor divisor = _squareAverage.sqrt().add_(_options.EffectiveEpsilon);
        if (_momentum is null)
            weights.addcdiv_(gradients, divisor, -learningRate);
        else
            weights.add_(_momentum.mul_(_options.Momentum).addcdiv_(gradients, divisor), -learningRate);
    }
}
