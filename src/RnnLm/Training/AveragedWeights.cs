using System.Numerics.Tensors;
using RnnLm.Engines;
using RnnLm.Modeling;

namespace RnnLm.Training;

/// <summary>
/// The exponential moving average of the weights (Polyak and Juditsky, 1992), which wavers less than the weights themselves. Early on it
/// forgets faster, as TensorFlow's does, so that the first weights leave no trace. It takes weights some twenty times within its reach:
/// they change little between, and a GPU's have a long way.
/// </summary>
internal sealed class AveragedWeights(ModelConfig config, double decay)
{
    private readonly ModelWeights _newest = new(config);

    /// <summary>Gets the average.</summary>
    public ModelWeights Weights { get; } = new(config);

    /// <summary>Takes the session's weights into the average, if it is time.</summary>
    /// <param name="session">The session.</param>
    /// <param name="step">The number of updates so far, from 1.</param>
    public void Take(ITrainingSession session, long step)
    {
        double kept = step == 1 ? 0 : Math.Min(decay, (1.0 + step) / (10.0 + step));
        int every = Math.Max(1, (int)(0.05 / (1 - kept)));
        if (step % every != 0)
            return;
        session.ReadWeights(_newest);
        float share = 1 - (float)Math.Pow(kept, every);
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
