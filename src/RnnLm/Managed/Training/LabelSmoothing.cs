using System.Numerics;
using RnnLm.Engines;
using RnnLm.Modeling;

namespace RnnLm.Managed.Training;

/// <summary>
/// The loss where each target gives a share e of its probability to all C outputs alike (Szegedy et al., 2016), as PyTorch's
/// <c>label_smoothing</c>: 1 - e times the cross-entropy with the target, and e / C times that with each output, weighted by their classes.
/// </summary>
internal sealed unsafe class LabelSmoothing<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    private readonly double _kept, _total;
    private readonly T[] _shares;   // [C]

    private LabelSmoothing(double share, double[] weights)
    {
        _kept = 1 - share;
        _total = share * weights.Average();
        _shares = [.. weights.Select(weight => T.CreateTruncating(share * weight / weights.Length))];
    }

    /// <summary>Makes the smoothing that the options ask for; null where they ask for none.</summary>
    public static LabelSmoothing<T, TVector>? Create(ModelConfig config, TrainingSessionOptions options)
    {
        if (options.LabelSmoothing == 0)
            return null;
        IEnumerable<double> weights = options.ClassWeights?.Select(weight => (double)weight) ?? Enumerable.Repeat(1.0, config.OutputSize);
        return new(options.LabelSmoothing, [.. weights]);
    }

    /// <summary>Turns a row of logits without their biases into the gradient of the loss.</summary>
    /// <param name="logits">The logits; takes the gradient.</param>
    /// <param name="bias">The biases; those of padding are minus infinity.</param>
    /// <param name="columns">The number of columns, rounded up to whole vectors.</param>
    /// <param name="target">The output that is right.</param>
    /// <param name="weight">The weight of its class.</param>
    /// <param name="scale">The factor of the gradient.</param>
    /// <returns>The loss, in nats.</returns>
    public double Loss(T* logits, T* bias, int columns, int target, double weight, T scale)
    {
        double logit = double.CreateTruncating(logits[target] + bias[target]), shared = 0;
        for (int j = 0; j < _shares.Length; j++)
            shared += double.CreateTruncating(_shares[j] * (logits[j] + bias[j]));

        double kept = _kept * weight, all = kept + _total;
        T loss = SoftmaxCrossEntropy<T, TVector>.Scaled(logits, bias, columns, scale * T.CreateTruncating(all), target);
        for (int j = 0; j < _shares.Length; j++)
            logits[j] -= scale * _shares[j];
        logits[target] -= scale * T.CreateTruncating(kept);

        // The cross-entropy with an output is the logarithm of the softmax's sum, less the output's logit.
        double normalizer = double.CreateTruncating(loss) + logit;
        return (all * normalizer) - (kept * logit) - shared;
    }
}
