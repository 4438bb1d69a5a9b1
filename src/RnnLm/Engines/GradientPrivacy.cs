namespace RnnLm.Engines;

/// <summary>
/// How the gradient of a private step is made (DP-SGD, Abadi et al., 2016): that of each row is scaled down to a norm, they are summed,
/// noise is added, and the sum is divided by the number of rows that a minibatch has in the mean.
/// </summary>
/// <param name="NoiseMultiplier">The standard deviation of the noise, as a multiple of <paramref name="ClipNorm"/>; above 0.</param>
/// <param name="ClipNorm">The norm that the gradient of a row is scaled down to where it is above.</param>
/// <param name="ExpectedRows">The mean number of rows of a minibatch.</param>
internal sealed record GradientPrivacy(double NoiseMultiplier, double ClipNorm, double ExpectedRows)
{
    /// <summary>Returns the number of rows that run side by side: as many as there are threads, where a minibatch has so many.</summary>
    public int RowsAtATime(int threads) => (int)Math.Min(threads, Math.Ceiling(ExpectedRows));
}
