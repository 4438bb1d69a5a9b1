using RnnLm.Privacy;

namespace RnnLm.Tests.Privacy;

public sealed class SkewNormalTests
{
    /// <summary>Values of the normal distribution to 16 digits, as tables and R's pnorm(log.p = TRUE) have them.</summary>
    [Theory]
    [InlineData(0, -0.6931471805599453)]
    [InlineData(-1, -1.841021645009264)]
    [InlineData(1, -0.17275377902344988)]
    [InlineData(-5, -15.064998393988727)]
    [InlineData(-10, -53.23128515051247)]
    [InlineData(-40, -804.6084420137538)]
    [InlineData(6, -9.865876455243787e-10)]
    public void TheNormalDistributionIsRightFarOut(double x, double expected) =>
    Assert.Equal(1, NormalDistribution.LogCumulative(x) / expected, 1e-9);

    /// <summary>
    /// Of a skew normal variable |Z|·δ + Z'·√(1 − δ²) that was drawn a million times, the fitted distribution has the shares; and that far
    /// below the lowest one by the integral of its density in small steps.
    /// </summary>
    [Theory]
    [InlineData(0.9)]
    [InlineData(-0.9)]
    [InlineData(0)]
    public void AFitHasTheSharesOfItsSample(double delta)
    {
        var random = new Random(7);
        double[] sample = [.. Enumerable.Range(0, 1_000_000)
            .Select(_ => 40 + (3 * ((delta * Math.Abs(Normal())) + (Math.Sqrt(1 - (delta * delta)) * Normal()))))];
        var fit = new SkewNormal(sample);
        Array.Sort(sample);

        foreach (double share in (double[])[0.0005, 0.01, 0.2, 0.5, 0.9, 0.999])
            Assert.Equal(share, Math.Exp(fit.LogCumulative(sample[(int)(share * sample.Length)])), 0.05 * Math.Min(share, 0.02) + 0.0001);
        double shape = delta / Math.Sqrt(1 - (delta * delta)), z = -8;
        double direct = 0;
        for (double t = z - 5; t < z; t += 1e-5)
            direct += 1e-5 * 2 / Math.Sqrt(2 * Math.PI) * Math.Exp((-t * t / 2) + NormalDistribution.LogCumulative(shape * t));
        Assert.Equal(1, fit.LogCumulative(40 + (3 * z)) / Math.Log(direct), 0.03);

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    [Fact]
    public void ASampleOfOneValueIsAStep()
    {
        var fit = new SkewNormal([5, 5, 5]);
        Assert.Equal((double.NegativeInfinity, 0), (fit.LogCumulative(4.9), fit.LogCumulative(5)));
    }
}
