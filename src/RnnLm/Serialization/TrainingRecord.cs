namespace RnnLm;

/// <summary>One point of a model's training history, kept in its file. Losses are in nats for each target.</summary>
public sealed record TrainingRecord
{
    /// <summary>Gets the number of updates of the weights so far.</summary>
    public required long Step { get; init; }

    /// <summary>Gets the epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Gets the mean training loss since the record before.</summary>
    public required double Loss { get; init; }

    /// <summary>Gets the mean loss on the validation data, where it was measured.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Gets the learning rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>Gets the norm of the gradients, before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>Gets the number of targets trained on each second.</summary>
    public double CharactersPerSecond { get; init; }

    /// <summary>Gets the time since training began, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Makes a record of a report of progress.</summary>
    internal static TrainingRecord From(TrainingProgress progress) => new()
    {
        Step = progress.Step,
        Epoch = progress.Epoch,
        Loss = progress.Loss,
        ValidationLoss = progress.ValidationLoss,
        LearningRate = progress.LearningRate,
        GradientNorm = progress.GradientNorm,
        CharactersPerSecond = progress.CharactersPerSecond,
        Seconds = progress.Elapsed.TotalSeconds,
    };
}
