namespace RnnLm;

/// <summary>
/// The weights that training will return: those of the least validation loss, or where none was measured the newest that are sound. Weights that
/// no loss speaks for are kept only when those after them are offered too: a training that diverges is often found out one step late.
/// </summary>
internal sealed class BestWeights(ModelConfig config)
{
    private ModelWeights _latest = new(config);
    private long _latestStep = -1;

    /// <summary>Gets the weights kept.</summary>
    public ModelWeights Weights { get; private set; } = new(config);

    /// <summary>Gets the step at which they stood, or -1 where none are kept.</summary>
    public long Step { get; private set; } = -1;

    /// <summary>Gets their validation loss, if it was measured.</summary>
    public double? Loss { get; private set; }

    /// <summary>Gets the number of evaluations since the best one.</summary>
    public int EvaluationsSince { get; private set; }

    /// <summary>Offers the session's weights.</summary>
    /// <param name="session">The session.</param>
    /// <param name="step">The step at which they stand.</param>
    /// <param name="loss">Their validation loss, if it was measured.</param>
    public void Offer(ITrainingSession session, long step, double? loss)
    {
        if (loss is null ? Loss is not null : Loss is { } best && !(loss < best))
        {
            EvaluationsSince += loss is null ? 0 : 1;
            return;
        }

        ConfirmLatest();
        session.ReadWeights(_latest);
        if (!_latest.AreFinite)
            return;
        _latestStep = step;
        if (loss is null)
            return;
        ConfirmLatest();
        (Loss, EvaluationsSince) = (loss, 0);
    }

    /// <summary>Keeps the weights that were offered last.</summary>
    public void ConfirmLatest()
    {
        if (_latestStep < 0)
            return;
        (Weights, _latest) = (_latest, Weights);
        (Step, _latestStep) = (_latestStep, -1);
    }

    public void Resume(long step, double? loss, int evaluationsSince) => (Step, Loss, EvaluationsSince) = (step, loss, evaluationsSince);
}
