using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Training;

/// <summary>The loss of a batch: in training as the options shape it, in evaluation the plain cross-entropy.</summary>
internal sealed class BatchLoss(ModelConfig config, TrainingSessionOptions options, Device device)
{
    private readonly float[]? _classWeights = options.ClassWeights is { } weights ? [.. weights] : null;

    /// <summary>Returns the mean cross-entropy, weighted where classes have weights, and smoothed; 0 where nothing counts. // []</summary>
    /// <param name="logits">// [T·B, V] or [B, C]</param>
    /// <param name="batch">The batch.</param>
    /// <param name="targets">// [T·B] or [B]</param>
    public Tensor Training(Tensor logits, Minibatch batch, Tensor targets)
    {
        Tensor? weights = _classWeights is null ? null : HostArrays.ToTensor(_classWeights, device, config.Classes);
        return Mean(logits, targets, weights, WeightOf(batch));
    }

    /// <summary>Returns the factor that makes of the mean what is to be followed: with <see cref="LossReduction.Sum"/> the sum, else this
    /// batch's share of an update.</summary>
    public float Scale(Minibatch batch) =>
        options.LossReduction == LossReduction.Sum ? (float)WeightOf(batch) : 1f / options.Optimizer.AccumulationSteps;

    /// <summary>Returns the cross-entropy of each target, 0 where there is none. // [T·B] or [B]</summary>
    public static Tensor Evaluation(Tensor logits, Tensor targets) =>
        nn.functional.cross_entropy(logits.to(ScalarType.Float32), targets, ignore_index: Minibatch.Ignore, reduction: nn.Reduction.None);

    private double WeightOf(Minibatch batch) =>
        _classWeights is null ? batch.CountTargets() : batch.Labels!.Sum(label => (double)_classWeights[label]);

    private Tensor Mean(Tensor logits, Tensor targets, Tensor? weights, double weight)
    {
        Tensor sum = nn.functional.cross_entropy(
            logits, targets, weights, ignore_index: Minibatch.Ignore, reduction: nn.Reduction.Sum, label_smoothing: options.LabelSmoothing);
        return sum.Times(weight > 0 ? 1 / weight : 0);
    }
}
