using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Training.Optimizers;

/// <summary>Adagrad, as <c>torch.optim.Adagrad</c>.</summary>
internal sealed class FlatAdagrad : FlatOptimizer
{
    private readonly OptimizerOptions _options;
    private readonly Tensor _sum;

    public FlatAdagrad(OptimizerOptions options, Tensor weights)
    {
        _options = options;
        _sum = AddState("sum", weights);
    }

    protected override void Update(Tensor weights, Tensor gradients, double learningRate)
    {
        AddWeightDecay(gradients, weights, _options.WeightDecay);
        _sum.addcmul_(gradients, gradients, 1);
        weights.addcdiv_(gradients, _sum.sqrt().add_(_options.EffectiveEpsilon), -learningRate);
    }
}
