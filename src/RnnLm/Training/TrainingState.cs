namespace RnnLm.Training;

/// <summary>What the training loop must know to go on, beside weights and the engine's state.</summary>
internal sealed record TrainingState
{
    // Beyond any training; within these bounds no sum of steps or times overflows.
    private const long MostSteps = 1L << 40;
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(36_500);

    public required long Step { get; init; }

    public required long Seed { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required MeterState Meter { get; init; }

    public required long BestStep { get; init; }

    public required double? BestLoss { get; init; }

    public required double? BestScore { get; init; }

    public required TextEvaluation? BestValidation { get; init; }

    public required int EvaluationsSinceBest { get; init; }

    /// <summary>Checks what the types of the members leave open.</summary>
    /// <exception cref="FormatException">A member has a value that no training has.</exception>
    public void Check()
    {
        Require(Step is >= 0 and <= MostSteps, nameof(Step), Step);
        Require(Elapsed >= TimeSpan.Zero && Elapsed < LongestTime, nameof(Elapsed), Elapsed);
        Require(BestStep >= -1 && BestStep <= Step, nameof(BestStep), BestStep);
        Require(BestLoss is null == BestScore is null && (BestLoss is null || BestStep >= 0), nameof(BestLoss), BestLoss);
        Require(double.IsFinite(BestLoss ?? 0), nameof(BestLoss), BestLoss);
        Require(double.IsFinite(BestScore ?? 0), nameof(BestScore), BestScore);
        Require(EvaluationsSinceBest >= 0, nameof(EvaluationsSinceBest), EvaluationsSinceBest);
        Require(Meter.TotalTargets >= 0, nameof(Meter.TotalTargets), Meter.TotalTargets);
        Require(Meter.Targets >= 0, nameof(Meter.Targets), Meter.Targets);
        Require(double.IsFinite(Meter.SmoothedLoss), nameof(Meter.SmoothedLoss), Meter.SmoothedLoss);
        Require(double.IsFinite(Meter.LossSum), nameof(Meter.LossSum), Meter.LossSum);
        Require(double.IsFinite(Meter.MeanLoss), nameof(Meter.MeanLoss), Meter.MeanLoss);
        Require(double.IsFinite(Meter.FirstLoss ?? 0), nameof(Meter.FirstLoss), Meter.FirstLoss);
        Require(Meter.History.All(report => report is not null), nameof(Meter.History), "a list with null");
    }

    private static void Require(bool condition, string member, object? value)
    {
        if (!condition)
            throw new FormatException(FormattableString.Invariant($"{member} is {value ?? "null"}"));
    }
}
