namespace RnnLm;

/// <summary>Gathers the losses of the steps into reports.</summary>
internal sealed class TrainingMeter
{
    private const int HistoryLimit = 512;

    private readonly List<TrainingProgress> _history = [];
    private double _lossSum, _gradientNorm;
    private long _targets, _total;

    /// <param name="outputs">The number of outputs: a model that knows nothing has a loss of its logarithm.</param>
    public TrainingMeter(int outputs) => SmoothedLoss = Math.Log(outputs);

    public double SmoothedLoss { get; private set; }

    /// <summary>Gets the number of targets trained on, in earlier runs too.</summary>
    public long TotalTargets => _total;

    /// <summary>Gets whether a loss or a gradient was no longer a finite number.</summary>
    public bool HasDiverged { get; private set; }

    public IReadOnlyList<TrainingProgress> History => _history;

    public MeterState Save() => new()
    {
        SmoothedLoss = SmoothedLoss,
        TotalTargets = _total,
        LossSum = _lossSum,
        Targets = _targets,
        GradientNorm = _gradientNorm,
        History = [.. _history],
    };

    public void Restore(MeterState state)
    {
        (SmoothedLoss, _total, _lossSum, _targets, _gradientNorm) = (state.SmoothedLoss, state.TotalTargets, state.LossSum, state.Targets, state.GradientNorm);
        _history.Clear();
        _history.AddRange(state.History);
    }

    public void Take(IReadOnlyList<StepStatistics> steps)
    {
        foreach (StepStatistics step in steps)
        {
            HasDiverged |= !double.IsFinite(step.Loss) || !double.IsFinite(step.GradientNorm);
            _lossSum += step.Loss * step.Targets;
            _targets += step.Targets;
            _gradientNorm = step.GradientNorm;
            SmoothedLoss = (0.999 * SmoothedLoss) + (0.001 * step.Loss);
        }
    }

    /// <summary>Makes a report of what came since the last, and begins anew.</summary>
    public TrainingProgress Report(TrainingClock clock, TimeSpan trained, long step, long epoch, double rate, EvaluationResult? validation, TextEvaluation? text, double? best)
    {
        _total += _targets;
        var report = new TrainingProgress
        {
            Epoch = (int)Math.Min(int.MaxValue, epoch),
            Step = step,
            TotalSteps = clock.TotalSteps,
            Fraction = clock.Fraction(step),
            Loss = _targets > 0 ? _lossSum / _targets : _history.LastOrDefault()?.Loss ?? double.NaN,
            SmoothedLoss = SmoothedLoss,
            ValidationLoss = validation?.Loss,
            Validation = text,
            ValidationAccuracy = validation?.Accuracy,
            ValidationMacroF1 = validation?.MacroF1,
            BestValidationLoss = best,
            LearningRate = rate,
            GradientNorm = _gradientNorm,
            CharactersPerSecond = _targets / Math.Max(1e-9, trained.TotalSeconds),
            Elapsed = clock.Elapsed,
            Remaining = clock.Remaining(step),
        };
        (_lossSum, _targets) = (0, 0);
        clock.MarkReport();
        Remember(report);
        return report;
    }

    /// <summary>Keeps the reports, evenly thinned: every other one goes when there are too many, but those of evaluations stay longest, and that of the best weights stays.</summary>
    private void Remember(TrainingProgress report)
    {
        _history.Add(report);
        if (_history.Count <= HistoryLimit)
            return;
        var kept = _history.Where((entry, i) => entry.ValidationLoss is not null || i % 2 == 0).ToList();
        if (kept.Count > HistoryLimit * 3 / 4)
            kept = [.. kept.Where((entry, i) => i % 2 == 0 || (entry.ValidationLoss is not null && entry.ValidationLoss == report.BestValidationLoss))];
        _history.Clear();
        _history.AddRange(kept);
    }
}
