using RnnLm.Engines;
using RnnLm.Modeling;

namespace RnnLm.Training;

/// <summary>
/// The weights that training will return: those of the best evaluation, or where there was none the newest that are sound. Weights that
/// no loss speaks for are kept only when those after them are offered too: a training that diverges is often found out one step late.
/// </summary>
internal sealed class BestWeights(ModelConfig config, ValidationMetric metric)
{
    private ModelWeights _latest = new(config);
    private long _latestStep = -1;

    /// <summary>Gets the weights kept.</summary>
    public ModelWeights Weights { get; private set; } = new(config);

    /// <summary>Gets the step at which they stood, or -1 where none are kept.</summary>
    public long Step { get; private set; } = -1;

    /// <summary>Gets their validation loss, if it was measured.</summary>
    public double? Loss { get; private set; }

    /// <summary>Gets their figures on the validation data, of a language model, if they were measured.</summary>
    public TextEvaluation? Validation { get; private set; }

    /// <summary>Gets what they were chosen by, the higher the better, if it was measured.</summary>
    public double? Score { get; private set; }

    /// <summary>Gets the number of evaluations since the best one.</summary>
    public int EvaluationsSince { get; private set; }

    /// <summary>Offers the session's weights.</summary>
    /// <param name="session">The session.</param>
    /// <param name="step">The step at which they stand.</param>
    /// <param name="result">Their evaluation, if there was one.</param>
    /// <param name="validation">Of a language model, the same as figures of the text.</param>
    public void Offer(ITrainingSession session, long step, EvaluationResult? result, TextEvaluation? validation)
    {
        if (Loss is not null && !(result is { } other && IsBetter(other)))
        {
            EvaluationsSince += result is null ? 0 : 1;
            return;
        }

        ConfirmLatest();
        session.ReadWeights(_latest);
        if (!_latest.AreFinite)
            return;
        _latestStep = step;
        if (result is null)
            return;
        ConfirmLatest();
        (Loss, Score, Validation, EvaluationsSince) = (result.Value.Loss, ScoreOf(result.Value), validation, 0);
    }

    /// <summary>Keeps the weights that were offered last.</summary>
    public void ConfirmLatest()
    {
        if (_latestStep < 0)
            return;
        (Weights, _latest) = (_latest, Weights);
        (Step, _latestStep) = (_latestStep, -1);
    }

    public void Resume(TrainingState state) =>
        (Step, Loss, Score, Validation, EvaluationsSince) = (state.BestStep, state.BestLoss, state.BestScore, state.BestValidation,
        state.EvaluationsSinceBest);

    /// <summary>Of two that score the same, that of the lesser loss is better.</summary>
    private bool IsBetter(EvaluationResult result)
    {
        double score = ScoreOf(result);
        return score == Score ? result.Loss < Loss : score > Score;
    }

    private double ScoreOf(EvaluationResult result) => metric switch
    {
        ValidationMetric.Accuracy => result.Accuracy,
        ValidationMetric.MacroF1 => result.MacroF1 ?? double.NaN,
        _ => -result.Loss,
    };
}
