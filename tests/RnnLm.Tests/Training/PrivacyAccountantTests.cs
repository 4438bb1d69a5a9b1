using RnnLm.Numerics;
using RnnLm.Training;

namespace RnnLm.Tests.Training;

/// <summary>The accountant of private training, held to what others published and to integrals.</summary>
public class PrivacyAccountantTests
{
    /// <summary>
    /// By today's conversion. The first three are from <c>compute_dp_sgd_privacy_test.py</c> of tensorflow/privacy, the last from
    /// <c>accountants_test.py</c> of pytorch/opacus.
    /// </summary>
    [Theory]
    [InlineData(150 / 60_000.0, 1.3, 6_000, 1e-5, 0.7242234026109595)]
    [InlineData(100 / 100_000.0, 1.0, 30_000, 1e-7, 1.4154988495444842)]
    [InlineData(0.01, 0.7, 120, 1e-5, 3.2392676)]
    [InlineData(0.04, 1.5, 2_250, 1e-5, 7.32911117143)]
    public void EpsilonIsThatWhichOthersPublish(double rate, double noise, long steps, double delta, double published)
    {
        double epsilon = PrivacyGuarantee.ComputeEpsilon(noise, rate, steps, delta);
        Assert.Equal(1, epsilon / published, 0.0001);
    }

    /// <summary>The figure in the example, which readers compare theirs with.</summary>
    [Fact]
    public void TheDocumentedFigureIsTheOneComputed()
    {
        string expected = FormattableString.Invariant($"an ε of {PrivacyGuarantee.ComputeEpsilon(1, 512 / 50_000.0, 3_000, 1e-6):F3}.");
        Assert.Contains(expected, File.ReadAllText(TestData.InRepository("docs", "privacy.md")), StringComparison.Ordinal);
    }

    /// <summary>
    /// By the conversion of before 2020, ε + ln(1/δ) / (α - 1): the first two from the same test of tensorflow/privacy as it was in 2019,
    /// the others from the table of its MNIST tutorial (60,000 rows in minibatches of 256), which has three digits.
    /// </summary>
    [Theory]
    [InlineData(150 / 60_000.0, 1.3, 6_000, 1e-5, 0.941870567, 1e-6)]
    [InlineData(100 / 100_000.0, 1.0, 30_000, 1e-7, 1.70928734, 1e-6)]
    [InlineData(256 / 60_000.0, 1.12, 60 * 60_000 / 256, 1e-5, 2.92, 0.002)]
    [InlineData(256 / 60_000.0, 0.6, 30 * 60_000 / 256, 1e-5, 9.74, 0.002)]
    [InlineData(256 / 60_000.0, 1.2, 10 * 60_000 / 256, 1e-5, 1.20, 0.005)]
    public void DivergencesComeToWhatWasPublishedByTheOlderConversion(
        double rate, double noise, long steps, double delta, double published, double tolerance)
    {
        var accountant = new PrivacyAccountant(noise, rate);
        double epsilon = PrivacyAccountant.Orders.Zip(accountant.Divergences,
            (order, divergence) => (steps * divergence) - (Math.Log(delta) / (order - 1))).Min();
        Assert.Equal(1, epsilon / published, tolerance);
        Assert.InRange(accountant.Epsilon(steps, delta), 0, epsilon);
    }

    /// <summary>The divergence is an integral; here it is one, over a grid, whatever the order.</summary>
    [Theory]
    [InlineData(0.01, 2.5)]
    [InlineData(0.001, 1)]
    [InlineData(0.05, 0.7)]
    [InlineData(0.3, 4)]
    [InlineData(0.9, 1.5)]
    [InlineData(1, 2)]
    public void DivergencesAreTheIntegral(double rate, double noise)
    {
        foreach (double order in PrivacyAccountant.Orders.Where(order => order <= 64))
        {
            double divergence = SubsampledGaussian.Divergence(rate, noise, order), integral = Integrate(rate, noise, order);
            Assert.True(Math.Abs(divergence - integral) <= (1e-6 * integral) + 1e-12,
                $"order {order}: {divergence}, by integration {integral}");
        }
    }

    [Fact]
    public void MoreStepsMoreRowsAndLessNoiseCostMore()
    {
        double epsilon = PrivacyGuarantee.ComputeEpsilon(1, 0.01, 1000, 1e-5);
        Assert.True(PrivacyGuarantee.ComputeEpsilon(1, 0.01, 2000, 1e-5) > epsilon);
        Assert.True(PrivacyGuarantee.ComputeEpsilon(1, 0.02, 1000, 1e-5) > epsilon);
        Assert.True(PrivacyGuarantee.ComputeEpsilon(0.9, 0.01, 1000, 1e-5) > epsilon);
        Assert.True(PrivacyGuarantee.ComputeEpsilon(1, 0.01, 1000, 1e-6) > epsilon);
        Assert.Equal(0, PrivacyGuarantee.ComputeEpsilon(1, 0.01, 0, 1e-5));
    }

    /// <summary>Without noise worth the name ε is huge, and still a number.</summary>
    [Theory]
    [InlineData(1e-9, 0.01)]
    [InlineData(0.01, 1e-7)]
    [InlineData(0.02, 0.5)]
    [InlineData(1e6, 1e-9)]
    [InlineData(1e6, 1)]
    public void EpsilonIsANumberAtTheEnds(double noise, double rate)
    {
        double epsilon = PrivacyGuarantee.ComputeEpsilon(noise, rate, 1_000_000, 1e-8);
        Assert.True(noise < 1 ? epsilon > 100 : epsilon < 0.1, $"{epsilon}");
        Assert.False(double.IsNaN(epsilon));
    }

    [Theory]
    [InlineData(0, 0.1, 1, 1e-5, "noiseMultiplier")]
    [InlineData(double.NaN, 0.1, 1, 1e-5, "noiseMultiplier")]
    [InlineData(1, 0, 1, 1e-5, "samplingRate")]
    [InlineData(1, 1.1, 1, 1e-5, "samplingRate")]
    [InlineData(1, 0.1, -1, 1e-5, "steps")]
    [InlineData(1, 0.1, 1, 0, "delta")]
    [InlineData(1, 0.1, 1, 1, "delta")]
    public void WhatIsOutOfRangeIsNamed(double noise, double rate, long steps, double delta, string named)
    {
        ArgumentException fault = Assert.ThrowsAny<ArgumentException>(() => PrivacyGuarantee.ComputeEpsilon(noise, rate, steps, delta));
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-6, 0.69314718055994531)]      // python: math.log(math.erfc(x))
    [InlineData(-0.5, 0.41903914777555956)]
    [InlineData(0, 0)]
    [InlineData(0.5, -0.7350111298370844)]
    [InlineData(1.9999, -5.3644994577735305)]
    [InlineData(2.0001, -5.365383089934763)]
    [InlineData(5, -27.200889545537436)]
    [InlineData(20, -403.56934333410425)]
    public void TheComplementaryErrorFunctionHasAllItsDigits(double x, double expected) =>
        Assert.Equal(expected, ErrorFunction.LogComplement(x), 1e-11 * Math.Max(1, Math.Abs(expected)));

    /// <summary>Returns ln E[((1 - q) + q·e^((2z - 1) / 2σ²))^α] / (α - 1) of a normal z of deviation σ.</summary>
    private static double Integrate(double rate, double noise, double order)
    {
        const int Points = 4_000;
        double variance = noise * noise, from = -12 * noise, to = order + (12 * noise), width = (to - from) / Points;
        // At the order's upper end the integrand is far beyond a double, so that its largest logarithm is taken out.
        double[] logs = [.. Enumerable.Range(0, Points + 1).Select(i => LogAt(from + (i * width)))];
        double most = logs.Max(), sum = logs.Sum(log => Math.Exp(log - most));
        return (most + Math.Log(sum * width / (noise * Math.Sqrt(2 * Math.PI)))) / (order - 1);

        double LogAt(double z)
        {
            double exponent = ((2 * z) - 1) / (2 * variance);
            double ratio = exponent > 0
                ? exponent + Math.Log(rate + ((1 - rate) * Math.Exp(-exponent)))
                : Math.Log((1 - rate) + (rate * Math.Exp(exponent)));
            return (-(z * z) / (2 * variance)) + (order * ratio);
        }
    }
}
