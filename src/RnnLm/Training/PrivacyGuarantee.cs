using RnnLm.Diagnostics;
using RnnLm.Training;

namespace RnnLm;

/// <summary>
/// What private training guarantees to each row of its training data: (ε, δ)-differential privacy, where data are neighbours that differ by
/// one row, added or left out. Whatever anybody does with the weights, no outcome is more than e^ε times as likely with the row as without
/// it, but for a probability δ. It holds for all weights along the way too, so that any of them may be chosen. See docs/privacy.md for what
/// else a model keeps of its data.
/// </summary>
public sealed record PrivacyGuarantee
{
    /// <summary>Gets ε.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Gets δ.</summary>
    public required double Delta { get; init; }

    /// <summary>Gets the standard deviation of the noise, as a multiple of <see cref="ClipNorm"/>.</summary>
    public required double NoiseMultiplier { get; init; }

    /// <summary>Gets the norm that the gradient of each row was scaled down to where it was above.</summary>
    public required double ClipNorm { get; init; }

    /// <summary>Gets the probability with which a row took part in a step.</summary>
    public required double SamplingRate { get; init; }

    /// <summary>Gets the number of steps that are counted, those of runs that this one went on from included.</summary>
    public required long Steps { get; init; }

    /// <summary>Gets whether training began with another model's weights. What these tell of the rows that they were trained on is not
    /// counted.</summary>
    public bool IsFromPreviousModel { get; init; }

    /// <summary>
    /// Returns the ε of a private training, before it is begun: by the Rényi divergence of the subsampled Gaussian mechanism (Mironov,
    /// Talwar and Zhang, 2019), and its conversion by Canonne, Kamath and Steinke (2020).
    /// </summary>
    /// <param name="noiseMultiplier"><see cref="NoiseMultiplier"/>; above 0.</param>
    /// <param name="samplingRate"><see cref="SamplingRate"/>, which is the batch size over the number of training rows; above 0, at most
    /// 1.</param>
    /// <param name="steps">The number of updates of the weights; at least 0.</param>
    /// <param name="delta">δ, between 0 and 1.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static double ComputeEpsilon(double noiseMultiplier, double samplingRate, long steps, double delta)
    {
        var faults = new OptionFaults();
        faults.Positive(noiseMultiplier);
        faults.PositiveShare(samplingRate);
        faults.AtLeast(steps, 0);
        faults.Require(delta is > 0 and < 1, nameof(delta), $"must be above 0 and below 1, but is {delta}");
        faults.ThrowIfAny("arguments");
        return new PrivacyAccountant(noiseMultiplier, samplingRate).Epsilon(steps, delta);
    }
}
