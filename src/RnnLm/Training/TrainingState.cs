namespace RnnLm.Training;

/// <summary>What the training loop must know to go on, beside weights and the engine's state.</summary>
internal sealed record TrainingState
{
    public required long Step { get; init; }

    public required long Seed { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required MeterState Meter { get; init; }

    public required long BestStep { get; init; }

    public double? BestLoss { get; init; }

    public double? BestScore { get; init; }

    public TextEvaluation? BestValidation { get; init; }

    public int EvaluationsSinceBest { get; init; }
}
