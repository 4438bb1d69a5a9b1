using RnnLm.Diagnostics;
using RnnLm.Engines;

namespace RnnLm.Training;

/// <summary>
/// Finds out that a training diverges: a loss or a gradient is no longer a finite number, or the loss stays far above that of guessing.
/// Guessing among n outputs loses ln n; a model that begins worse, because its first weights are large, is measured by what it lost before
/// its first update. Far above is twice that, and what has to be above it is a moving mean over some 100 updates, in which a single loss
/// counts as four times at most. So it takes 40 updates on end or more of a loss that has exploded, and trainings that get over a bad
/// start, or over a few bad batches, are let go on.
/// </summary>
/// <param name="outputs">The number of outputs.</param>
/// <param name="watches">Whether it looks at all; if not, nothing has ever diverged.</param>
internal sealed class DivergenceWatch(int outputs, bool watches = true)
{
    private const double FarAbove = 2, MostCounted = 4, NewestShare = 0.01;

    private double? _firstLoss;
    private double _meanLoss;
    private bool _isFinite = true;

    /// <summary>Gets the loss of guessing, in nats.</summary>
    public double GuessingLoss { get; } = Math.Log(outputs);

    /// <summary>Gets whether the training has diverged.</summary>
    public bool HasDiverged => (watches && !_isFinite) || IsFarAbove(_meanLoss);

    private double Start => Math.Max(GuessingLoss, _firstLoss ?? 0);

    /// <summary>Returns whether a training loss is far above that of guessing.</summary>
    public bool IsFarAbove(double loss) => watches && loss > FarAbove * Start;

    /// <summary>Takes an update into account.</summary>
    public void Take(StepStatistics step)
    {
        _isFinite &= double.IsFinite(step.Loss) && double.IsFinite(step.GradientNorm);
        if (step.Targets == 0)
            return;
        if (_firstLoss is null)
            (_firstLoss, _meanLoss) = (step.Loss, Math.Max(GuessingLoss, step.Loss));
        _meanLoss += NewestShare * (Math.Min(step.Loss, MostCounted * Start) - _meanLoss);
    }

    /// <summary>Takes an evaluation into account. Its loss may be high without divergence: a model that has learned its text by heart is
    /// surely wrong on others.</summary>
    public void Take(EvaluationResult result) => _isFinite &= double.IsFinite(result.Loss);

    /// <summary>Says in what way training has diverged.</summary>
    public OptionMessage Describe() => _isFinite
        ? $"the loss stayed far above that of guessing, {GuessingLoss:F2} nats"
        : "the loss was no longer a number";

    public (double? FirstLoss, double MeanLoss) Save() => (_firstLoss, _meanLoss);

    public void Restore(double? firstLoss, double meanLoss) => (_firstLoss, _meanLoss) = (firstLoss, meanLoss);
}
