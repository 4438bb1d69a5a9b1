using System.Text.Json.Serialization;

namespace RnnLm;

/// <summary>Where training stands. Losses are in nats for each target (a character, or an end token).</summary>
public sealed record TrainingProgress
{
    /// <summary>Gets the epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Gets the number of updates of the weights so far.</summary>
    public required long Step { get; init; }

    /// <summary>Gets the number of updates at which training ends at the latest, where epochs or steps bound it.</summary>
    public long? TotalSteps { get; init; }

    /// <summary>Gets how much of the training is done, from 0 to 1, by steps or by time, whichever is further.</summary>
    public required double Fraction { get; init; }

    /// <summary>Gets the mean training loss since the last report. A model that was trained privately does not keep it: it is NaN in its
    /// history.</summary>
    public required double Loss { get; init; }

    /// <summary>Gets min-char-rnn's running loss, 0.999 of the one before and 0.001 of the newest step's, begun at ln V; kept as
    /// <see cref="Loss"/> is.</summary>
    public required double SmoothedLoss { get; init; }

    /// <summary>Gets the mean loss on the validation data, in a report that comes of an evaluation.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>
    /// Gets a language model's figures on the validation data, in a report that comes of an evaluation: the number of characters, how many
    /// of them are unknown, and the bits for each byte. Not kept in the model's file, but for those of the weights that were kept
    /// (<see cref="TrainingSummary.Validation"/>).
    /// </summary>
    [JsonIgnore]
    public TextEvaluation? Validation { get; init; }

    /// <summary>Gets the share of validation targets that were predicted as most likely, in a report that comes of an evaluation.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Gets a classifier's macro F1 on the validation data, the mean over the labels that occur or were predicted, in a report
    /// that comes of an evaluation.</summary>
    public double? ValidationMacroF1 { get; init; }

    /// <summary>Gets the validation loss of the best weights so far.</summary>
    public double? BestValidationLoss { get; init; }

    /// <summary>Gets the learning rate of the newest step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Gets the norm of the gradients of the newest step, before clipping by norm; in private training with the noise in
    /// them.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Gets the ε of private training after the steps so far, at the δ of <see cref="PrivacyGuarantee.Delta"/>; null where
    /// training is not private.</summary>
    public double? PrivacyEpsilon { get; init; }

    /// <summary>Gets the number of targets trained on each second since the last report, the time of evaluations left out.</summary>
    public required double CharactersPerSecond { get; init; }

    /// <summary>Gets the time since training began, that of earlier runs it goes on from included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets an estimate of the time that is left.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>Gets the perplexity: exp of the validation loss, or of the training loss where there is none.</summary>
    public double Perplexity => Math.Exp(ValidationLoss ?? Loss);

    /// <summary>Gets the bits for each character: the loss over ln 2.</summary>
    public double BitsPerCharacter => (ValidationLoss ?? Loss) / Math.Log(2);
}
