namespace RnnLm.Training;

/// <summary>The sums of a <see cref="TrainingMeter"/>.</summary>
internal sealed record MeterState
{
    public required double SmoothedLoss { get; init; }

    public required long TotalTargets { get; init; }

    public required double LossSum { get; init; }

    public required long Targets { get; init; }

    public required double GradientNorm { get; init; }

    /// <summary>Gets the loss before the first update, once there was one.</summary>
    public required double? FirstLoss { get; init; }

    /// <summary>Gets the moving mean by which divergence is found out.</summary>
    public required double MeanLoss { get; init; }

    public required IReadOnlyList<TrainingProgress> History { get; init; }
}
