using RnnLm.Engines;

namespace RnnLm.Training;

/// <summary>Gathers the losses of the steps into reports.</summary>
internal sealed class TrainingMeter
{
    private const int HistoryLimit = 512;

    private readonly DivergenceWatch _divergence;
    private readonly List<TrainingProgress> _history = [];
    private double _lossSum, _gradientNorm;
    private long _targets, _total;

    /// <param name="outputs">The number of outputs: a model that knows nothing has a loss of its logarithm.</param>
    /// <param name="watches">Whether divergence is looked for in the losses; in private training no decision may hang on them.</param>
    public TrainingMeter(int outputs, bool watches = true)
    {
        _divergence = new DivergenceWatch(outputs, watches);
        SmoothedLoss = _divergence.GuessingLoss;
    }

    public double SmoothedLoss { get; private set; }

    /// <summary>Gets the number of targets trained on, in earlier runs too.</summary>
    public long TotalTargets => _total;

    /// <summary>Gets what tells whether the training diverges.</summary>
    public DivergenceWatch Divergence => _divergence;

    /// <summary>Gets whether the losses since the last report speak for the weights.</summary>
    public bool IsSound => !_divergence.HasDiverged && !_divergence.IsFarAbove(Loss);

    /// <summary>Gets the mean loss since the last report, or that of the last report where nothing came since; NaN where there is
    /// neither.</summary>
    public double Loss => _targets > 0 ? _lossSum / _targets : _history.LastOrDefault()?.Loss ?? double.NaN;

    public IReadOnlyList<TrainingProgress> History => _history;

    public MeterState Save() => new()
    {
        SmoothedLoss = SmoothedLoss,
        TotalTargets = _total,
        LossSum = _lossSum,
        Targets = _targets,
        GradientNorm = _gradientNorm,
        FirstLoss = _divergence.Save().FirstLoss,
        MeanLoss = _divergence.Save().MeanLoss,
        History = [.. _history],
    };

    public void Restore(MeterState state)
    {
        (SmoothedLoss, _total, _lossSum, _targets, _gradientNorm) =
            (state.SmoothedLoss, state.TotalTargets, state.LossSum, state.Targets, state.GradientNorm);
        _divergence.Restore(state.FirstLoss, state.MeanLoss);
        _history.Clear();
        _history.AddRange(state.History);
    }

    public void Take(IReadOnlyList<StepStatistics> steps)
    {
        foreach (StepStatistics step in steps)
        {
            _divergence.Take(step);
            _lossSum += step.Loss * step.Targets;
            _targets += step.Targets;
            _gradientNorm = step.GradientNorm;
            if (step.Targets > 0)
                SmoothedLoss = (0.999 * SmoothedLoss) + (0.001 * step.Loss);
        }
    }

    /// <summary>Makes a report of what came since the last, and begins anew.</summary>
    public TrainingProgress Report(TrainingClock clock, TimeSpan trained, long step, long epoch, double rate, EvaluationResult? validation,
        TextEvaluation? text, double? best, double? epsilon)
    {
        _total += _targets;
        var report = new TrainingProgress
        {
            Epoch = (int)Math.Min(int.MaxValue, epoch),
            Step = step,
            TotalSteps = clock.TotalSteps,
            Fraction = clock.Fraction(step),
            Loss = Loss,
            SmoothedLoss = SmoothedLoss,
            ValidationLoss = validation?.Loss,
            Validation = text,
            ValidationAccuracy = validation?.Accuracy,
            ValidationMacroF1 = validation?.MacroF1,
            BestValidationLoss = best,
            LearningRate = rate,
            GradientNorm = _gradientNorm,
            PrivacyEpsilon = epsilon,
            CharactersPerSecond = _targets / Math.Max(1e-9, trained.TotalSeconds),
            Elapsed = clock.Elapsed,
            Remaining = clock.Remaining(step),
        };
        (_lossSum, _targets) = (0, 0);
        clock.MarkReport();
        Remember(report);
        return report;
    }

    /// <summary>Keeps the reports, evenly thinned: every other one goes when there are too many, but those of evaluations stay longest, and
    /// that of the best weights stays.</summary>
    private void Remember(TrainingProgress report)
    {
        _history.Add(report);
        if (_history.Count <= HistoryLimit)
            return;
        var kept = _history.Where((entry, i) => entry.ValidationLoss is not null || i % 2 == 0).ToList();
        if (kept.Count > HistoryLimit * 3 / 4)
            kept = [.. kept.Where((entry, i) => i % 2 == 0
                || (entry.ValidationLoss is not null && entry.ValidationLoss == report.BestValidationLoss))];
        _history.Clear();
        _history.AddRange(kept);
    }
}
