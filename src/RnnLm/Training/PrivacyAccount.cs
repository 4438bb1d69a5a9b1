using RnnLm.Data;

namespace RnnLm.Training;

/// <summary>The privacy that a training has cost so far.</summary>
/// <param name="options">The options of a private training.</param>
/// <param name="sampling">How its rows are drawn.</param>
internal sealed class PrivacyAccount(TrainingOptions options, PoissonSampling sampling)
{
    private readonly PrivacyAccountant _accountant = new(options.PrivacyNoise, sampling.Rate);

    /// <summary>Gets the δ that is set, or a tenth of what would let a row of the data be published as it is.</summary>
    public double Delta { get; } = options.PrivacyDelta > 0 ? options.PrivacyDelta : 0.1 / sampling.Rows;

    /// <summary>Returns what is guaranteed after some steps.</summary>
    public PrivacyGuarantee After(long steps) => new()
    {
        Epsilon = _accountant.Epsilon(steps, Delta),
        Delta = Delta,
        NoiseMultiplier = options.PrivacyNoise,
        ClipNorm = options.PrivacyClipNorm,
        SamplingRate = sampling.Rate,
        Steps = steps,
    };
}
