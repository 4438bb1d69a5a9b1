using RnnLm.Modeling;
using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Training.Optimizers;

/// <summary>
/// An optimiser over one flat tensor of weights. TorchSharp's own optimisers do the same arithmetic tensor by tensor, with a dozen small
/// operations for each; these hold their state in the open, so that it can be saved and restored to the bit.
/// </summary>
internal abstract class FlatOptimizer : IDisposable
{
    private const string Prefix = "optimizer.", StepsName = Prefix + "step";

    private readonly List<(string Name, Tensor Values)> _state = [];

    /// <summary>Gets the number of updates made.</summary>
    protected long Steps { get; private set; }

    public static FlatOptimizer Create(OptimizerOptions options, Tensor weights) => options.Kind switch
    {
        OptimizerKind.Sgd => new FlatSgd(options, weights),
        OptimizerKind.Adagrad => new FlatAdagrad(options, weights),
        OptimizerKind.RmsProp => new FlatRmsProp(options, weights),
        OptimizerKind.Adam or OptimizerKind.AdamW => new FlatAdam(options, weights),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "The optimiser is not known."),
    };

    /// <summary>Updates the weights.</summary>
    /// <param name="weights">Changed. // [N]</param>
    /// <param name="gradients">May be changed. // [N]</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    public void Step(Tensor weights, Tensor gradients, double learningRate)
    {
        Steps++;
        Update(weights, gradients, learningRate);
    }

    public IEnumerable<WeightTensor> Save() =>
        [SavedState.FromCounter(StepsName, Steps), .. _state.Select(moment => SavedState.FromTensor(Prefix + moment.Name, moment.Values))];

    public void Restore(IReadOnlyList<WeightTensor> saved)
    {
        Steps = saved.FindCounter(StepsName);
        foreach ((string name, Tensor values) in _state)
            saved.FindInto(Prefix + name, values);
    }

    public void Dispose()
    {
        foreach ((_, Tensor values) in _state)
            values.Dispose();
    }

    protected abstract void Update(Tensor weights, Tensor gradients, double learningRate);

    /// <summary>Makes a moment of zeros.</summary>
    /// <param name="name">PyTorch's name of it.</param>
    /// <param name="weights">The weights, for their shape. // [N]</param>
    protected Tensor AddState(string name, Tensor weights)
    {
        Tensor values = zeros_like(weights).DetachFromDisposeScope();
        _state.Add((name, values));
        return values;
    }

    /// <summary>Adds weight decay to the gradients, as all rules do but AdamW's.</summary>
    protected static void AddWeightDecay(Tensor gradients, Tensor weights, double weightDecay)
    {
        if (weightDecay != 0)
            gradients.Add(weights, weightDecay);
    }
}
