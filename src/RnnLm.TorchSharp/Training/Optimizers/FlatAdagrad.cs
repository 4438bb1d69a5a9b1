using RnnLm.TorchSharp.Memory;
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
        _sum.AddProduct(gradients, gradients, 1);
        weights.AddQuotient(gradients, _sum.sqrt().Increase(_options.EffectiveEpsilon), -learningRate);
    }
}
