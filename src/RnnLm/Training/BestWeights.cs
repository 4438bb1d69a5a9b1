namespace RnnLm;

/// <summary>The weights that training will return: those of the least validation loss, or where none was measured the newest that are sound.</summary>
internal sealed class BestWeights(ModelConfig config)
{
    private readonly ModelWeights _spare = new(config);

    /// <summary>Gets the weights kept.</summary>
    public ModelWeights Weights { get; } = new(config);

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

        session.ReadWeights(_spare);
        if (!_spare.All(tensor => System.Numerics.Tensors.TensorPrimitives.IsFiniteAll<float>(tensor.Values)))
            return;
        Weights.CopyFrom(_spare);
        (Step, Loss, EvaluationsSince) = (step, loss, 0);
    }

    public void Resume(long step, double? loss, int evaluationsSince) => (Step, Loss, EvaluationsSince) = (step, loss, evaluationsSince);
}
