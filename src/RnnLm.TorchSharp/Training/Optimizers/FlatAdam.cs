using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Training.Optimizers;

/// <summary>Adam and AdamW, as <c>torch.optim.Adam</c> and <c>torch.optim.AdamW</c>.</summary>
internal sealed class FlatAdam : FlatOptimizer
{
    private readonly OptimizerOptions _options;
    private readonly Tensor _average, _squareAverage;

    public FlatAdam(OptimizerOptions options, Tensor weights)
    {
        _options = options;
        _average = AddState("exp_avg", weights);
        _squareAverage = AddState("exp_avg_sq", weights);
    }

    protected override void Update(Tensor weights, Tensor gradients, double learningRate)
    {
        if (_options.Kind == OptimizerKind.AdamW)
            weights.MultiplyBy(1 - (learningRate * _options.WeightDecay));
        else
            AddWeightDecay(gradients, weights, _options.WeightDecay);

        _average.MultiplyBy(_options.Beta1).Add(gradients, 1 - _options.Beta1);
        _squareAverage.MultiplyBy(_options.Beta2).AddProduct(gradients, gradients, 1 - _options.Beta2);
        double correction1 = 1 - Math.Pow(_options.Beta1, Steps), correction2 = 1 - Math.Pow(_options.Beta2, Steps);
        Tensor divisor = _squareAverage.sqrt().DivideBy(Math.Sqrt(correction2)).Increase(_options.EffectiveEpsilon);
        weights.AddQuotient(_average, divisor, -learningRate / correction1);
    }
}
