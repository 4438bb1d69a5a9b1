using System.Numerics.Tensors;

namespace RnnLm;

/// <summary>
/// The exponential moving average of the weights (Polyak and Juditsky, 1992), which wavers less than the weights themselves. Early on it forgets faster,
/// as TensorFlow's does, so that the first weights leave no trace.
/// </summary>
internal sealed class AveragedWeights(ModelConfig config, double decay)
{
    private readonly ModelWeights _newest = new(config);

    /// <summary>Gets the average.</summary>
    public ModelWeights Weights { get; } = new(config);

    /// <summary>Takes the session's weights into the average.</summary>
    /// <param name="session">The session.</param>
    /// <param name="step">The number of updates so far, from 1.</param>
    public void Take(ITrainingSession session, long step)
    {
        session.ReadWeights(_newest);
        float share = step == 1 ? 1 : 1 - (float)Math.Min(decay, (1.0 + step) / (10.0 + step));
        foreach ((WeightTensor average, WeightTensor newest) in Weights.Zip(_newest))
            TensorPrimitives.Lerp(average.Values, newest.Values, share, average.Values);
    }

    /// <summary>Puts the average in place of the session's weights, which it does not forget.</summary>
    public void PutInto(ITrainingSession session)
    {
        session.ReadWeights(_newest);
        session.WriteWeights(Weights);
    }

    /// <summary>Puts the session's own weights back.</summary>
    public void TakeOutOf(ITrainingSession session) => session.WriteWeights(_newest);
}
