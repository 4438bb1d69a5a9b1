namespace RnnLm;

/// <summary>How much a model remembers of canaries.</summary>
/// <param name="Format">The format of the canaries.</param>
/// <param name="Combinations">
/// The number of texts that a canary is told from, |R|: those of the format whose random characters the model knows.
/// </param>
/// <param name="Scored">The number of texts that were scored beside each canary.</param>
/// <param name="FitDistance">
/// Of the skew normal distribution, the greatest difference between its probabilities and those of the drawn texts (Kolmogorov and
/// Smirnov), from 0 to 1: near 0, the extrapolation is sound. <see langword="null"/> where nothing was extrapolated.
/// </param>
/// <param name="Canaries">The canaries, in their order.</param>
public sealed record ExposureReport(
    CanaryFormat Format, double Combinations, long Scored, double? FitDistance, IReadOnlyList<CanaryExposure> Canaries)
{
    /// <summary>
    /// Gets the characters of the format's fixed part that the model does not know, each once; empty where it knows them all. A model with
    /// such characters did not read the canaries as they are, and the exposures are chance.
    /// </summary>
    public string UnknownCharacters { get; init; } = "";

    /// <summary>Gets the highest exposure that there is, log2 of <see cref="Combinations"/>; 0 where the model knows no text of the
    /// format.</summary>
    public double MaxExposure => Combinations > 0 ? Math.Log2(Combinations) : 0;
}
