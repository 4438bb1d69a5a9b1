namespace RnnLm;

/// <summary>How a model was trained. Saved with it.</summary>
public sealed record TrainingSummary
{
    /// <summary>Gets why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>Gets the number of updates of the weights.</summary>
    public required long Steps { get; init; }

    /// <summary>Gets the time spent training.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets the training loss over the last report, in nats; NaN where training was private, since it tells of the rows without
    /// noise.</summary>
    public required double Loss { get; init; }

    /// <summary>Gets min-char-rnn's running loss at the end, in nats; NaN where training was private.</summary>
    public required double SmoothedLoss { get; init; }

    /// <summary>Gets the validation loss of the weights that were kept, in nats, where there was validation data.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>
    /// Gets the figures of the weights that were kept on the validation data, of a language model: how many characters were counted, how
    /// many of them are unknown, and the bits for each byte. <see langword="null"/> for a classifier, where there was no validation data,
    /// and of models of before it was kept.
    /// </summary>
    public TextEvaluation? Validation { get; init; }

    /// <summary>Gets the step at which the weights that were kept stood.</summary>
    public required long BestStep { get; init; }

    /// <summary>Gets the number of targets trained on each second, evaluations included.</summary>
    public required double CharactersPerSecond { get; init; }

    /// <summary>
    /// Gets the seed that training was repeated with, or would be; null where training was private: who knows the seed can draw the noise
    /// again and take it out.
    /// </summary>
    public long? Seed { get; init; }

    /// <summary>Gets what private training guarantees to each row; null where training was not private.</summary>
    public PrivacyGuarantee? Privacy { get; init; }

    /// <summary>Gets the reports of the training, evenly thinned to a few hundred.</summary>
    public IReadOnlyList<TrainingProgress> History { get; init; } = [];

    /// <summary>Returns what a private model may keep: nothing that comes of the training rows without noise.</summary>
    internal TrainingSummary WithoutTrainingLosses() => this with
    {
        Loss = double.NaN,
        SmoothedLoss = double.NaN,
        Seed = null,
        History = [.. History.Select(report => report with { Loss = double.NaN, SmoothedLoss = double.NaN })],
    };
}
