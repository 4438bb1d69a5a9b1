using RnnLm.Data;
using RnnLm.Diagnostics;
using RnnLm.Modeling;

namespace RnnLm.Engines;

/// <summary>
/// All that training does with a model and its batches, and where: the one road by which options reach an engine. What is drawn anew for
/// each step, the positions that run free and states to start from, comes with the <see cref="Minibatch"/>.
/// </summary>
internal sealed record TrainingSessionOptions
{
    /// <summary>Gets the optimiser and its settings, clipping and accumulation included. The learning rate comes with each
    /// update.</summary>
    public required OptimizerOptions Optimizer { get; init; }

    /// <summary>Gets what is dropped.</summary>
    public DropoutRates Dropout { get; init; } = DropoutRates.None;

    /// <summary>Gets how the losses of a minibatch become the one number whose gradient is followed.</summary>
    public LossReduction LossReduction { get; init; }

    /// <summary>
    /// Gets the weight of each class in the loss of a classifier, or <see langword="null"/> for 1 each. The mean is weighted, as PyTorch's:
    /// the sum of the weighted losses over the sum of the weights. Evaluation does not weight. // [C]
    /// </summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>
    /// Gets the share of each target that goes to all outputs alike, as PyTorch's <c>label_smoothing</c>, with class weights as PyTorch has
    /// them. Evaluation does not smooth.
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Gets how gradients are clipped row by row and made noisy, or <see langword="null"/> where training is not private. Only the
    /// managed engine can.</summary>
    public GradientPrivacy? Privacy { get; init; }

    /// <summary>Gets the device; never <see cref="DeviceKind.Auto"/>.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>Gets the number of CPU threads, at least 1. The managed engine uses no more of them than a minibatch has work
    /// for.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Gets whether a GPU uses automatic mixed precision.</summary>
    public bool MixedPrecision { get; init; }

    /// <summary>Gets the seed of the dropout masks.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gets the number of multiply-adds for which the managed engine wakes another thread: some 20 µs of work.</summary>
    internal long WorkPerThread { get; init; } = 1_000_000;

    /// <summary>Checks that the options are in their ranges and fit a model.</summary>
    /// <exception cref="ArgumentException">They don't.</exception>
    internal void Check(ModelConfig config)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        var faults = new OptionFaults();
        foreach (double rate in (double[])[Dropout.BetweenLayers, Dropout.Input, Dropout.Output, Dropout.Recurrent])
            faults.Probability(rate, nameof(Dropout));
        faults.Probability(LabelSmoothing);
        faults.Require(ClassWeights is null || ClassWeights.Count == config.Classes, nameof(ClassWeights),
            $"holds {ClassWeights?.Count} weights, but the model has {config.Classes} classes");
        if (Privacy is not null)
        {
            faults.Require(Optimizer.AccumulationSteps == 1 && ClassWeights is null, nameof(Privacy),
                "allows no accumulation and no class weights");
            faults.Positive(Privacy.NoiseMultiplier);
            faults.Positive(Privacy.ClipNorm);
            faults.Positive(Privacy.ExpectedRows);
        }

        faults.ThrowIfAny("options");
    }
}
