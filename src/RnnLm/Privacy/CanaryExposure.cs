namespace RnnLm;

/// <summary>How much a model remembers of a canary.</summary>
/// <param name="Canary">The canary.</param>
/// <param name="Method">How the rank was found.</param>
/// <param name="LogPerplexity">The negative binary logarithm of the text's probability, in bits.</param>
/// <param name="Exposure">
/// log2 |R| − log2 rank, in bits: how many bits of the random part the model gives away. The likeliest text of the format has the highest,
/// log2 |R|; a text that was never read has 1.44 on average. <see langword="null"/> where it was not measured.
/// </param>
/// <param name="Rank">
/// The number of texts of the format that are likelier, and one more; where the method is not <see cref="ExposureMethod.Exact"/>, an
/// estimate. <see langword="null"/> where it was not measured.
/// </param>
public sealed record CanaryExposure(Canary Canary, ExposureMethod Method, double LogPerplexity, double? Exposure, double? Rank);
