using RnnLm.Data;

namespace RnnLm.Engines;

/// <summary>A sum of losses, so that means over several batches are right.</summary>
/// <param name="LossSum">The sum of the cross-entropies, in nats.</param>
/// <param name="Targets">The number of targets that were counted.</param>
/// <param name="Correct">The number of targets that were predicted as most likely.</param>
internal readonly record struct EvaluationResult(double LossSum, long Targets, long Correct)
{
    /// <summary>Gets the part of <see cref="LossSum"/> of targets that are <see cref="Minibatch.UnknownId"/>, in nats.</summary>
    public double UnknownLossSum { get; init; }

    /// <summary>Gets the number of targets that are <see cref="Minibatch.UnknownId"/>.</summary>
    public long UnknownTargets { get; init; }

    /// <summary>Gets a classifier's counts of each label; null for a language model. // [C]</summary>
    public IReadOnlyList<LabelCounts>? Labels { get; init; }

    /// <summary>Gets the mean loss, in nats.</summary>
    public double Loss => LossSum / Targets;

    /// <summary>Gets exp(loss).</summary>
    public double Perplexity => Math.Exp(Loss);

    /// <summary>Gets the share of targets that were predicted as most likely.</summary>
    public double Accuracy => (double)Correct / Targets;

    /// <summary>Gets a classifier's macro F1, over the labels that occur or were predicted; null for a language model.</summary>
    public double? MacroF1 => Labels is null ? null : LabelCounts.MacroF1(Labels);

    /// <summary>Adds two results.</summary>
    public static EvaluationResult operator +(EvaluationResult left, EvaluationResult right) => Add(left, right);

    /// <summary>Adds two results.</summary>
    public static EvaluationResult Add(EvaluationResult left, EvaluationResult right) =>
        new(left.LossSum + right.LossSum, left.Targets + right.Targets, left.Correct + right.Correct)
        {
            UnknownLossSum = left.UnknownLossSum + right.UnknownLossSum,
            UnknownTargets = left.UnknownTargets + right.UnknownTargets,
            Labels = left.Labels is null || right.Labels is null ? left.Labels
                ?? right.Labels : [.. left.Labels.Zip(right.Labels, LabelCounts.Add)],
        };
}
