using System.Runtime.Intrinsics;
using RnnLm.Numerics;

namespace RnnLm.Tests;

public sealed class SoftmaxSamplerTests
{
    [Theory]
    [InlineData(1, 1f)]
    [InlineData(3, 0.8f)]
    [InlineData(17, 2f)]
    [InlineData(65, 0.5f)]
    [InlineData(257, 1f)]
    [InlineData(5000, 1f)]
    public void EachTokenIsDrawnForItsShareOfTheUniformNumbers(int vocabulary, float temperature)
    {
        float[] logits = Logits(vocabulary, 1);
        double[] exp = [.. logits.Select(x => Math.Exp(x / temperature))];
        const int draws = 40_000;
        int[] counts = new int[vocabulary];
        for (int i = 0; i < draws; i++)
            counts[Draw(logits, temperature, (i + 0.5) / draws)]++;
        // The uniform numbers are evenly spaced, so a count is off by one at most, and by what rounding moves across a border.
        for (int i = 0; i < vocabulary; i++)
            Assert.Equal(draws * exp[i] / exp.Sum(), counts[i], 1.5);
    }

    [Fact]
    public void EveryWidthDrawsTheSameToken()
    {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            float[] logits = Logits(random.Next(1, 200), i);
            double uniform = random.NextDouble();
            int expected = Draw<Simd128, Vector128<float>>(logits, uniform);
            Assert.Equal(expected, Draw<Simd256, Vector256<float>>(logits, uniform));
            Assert.Equal(expected, Draw<Simd512, Vector512<float>>(logits, uniform));
        }
    }

    [Fact]
    public void RowsAreDrawnEachForItself()
    {
        float[] logits = [.. Logits(20, 1), .. Logits(20, 2), .. Logits(20, 3)];
        int[] tokens = new int[3];
        SoftmaxSampler.Sample(logits, 20, 0.9f, [0.1, 0.5, 0.9], tokens);
        Assert.Equal(Draw(logits.AsSpan(20, 20), 0.9f, 0.5), tokens[1]);
        Assert.Equal(Draw(logits.AsSpan(40, 20), 0.9f, 0.9), tokens[2]);
    }

    [Fact]
    public void TemperatureZeroTakesTheFirstOfTheMostLikely()
    {
        int[] tokens = new int[2];
        SoftmaxSampler.Sample([1, 3, 3, 2, 9, -5, 0, 9], 4, 0, [], tokens);
        Assert.Equal([1, 0], tokens);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.9999999999999999)]
    public void TheEndsOfTheUniformRangeDrawTokensThatHaveWeight(double uniform)
    {
        float[] logits = new float[40];
        Array.Fill(logits, float.NegativeInfinity);
        logits[21] = 2;
        Assert.Equal(21, Draw(logits, 1, uniform));
        logits[21] = -1e30f;
        Assert.Equal(21, Draw(logits, 1e-3f, uniform));
    }

    [Fact]
    public void LogitsThatAreNotNumbersAreAnError()
    {
        Assert.Throws<InvalidOperationException>(() => Draw([1, float.NaN, 2], 1, 0.5));
        Assert.Throws<InvalidOperationException>(() => Draw([1, float.PositiveInfinity, 2], 1, 0.5));
        Assert.Throws<InvalidOperationException>(() => Draw([float.NegativeInfinity], 1, 0.5));
    }

    private static int Draw(ReadOnlySpan<float> logits, float temperature, double uniform)
    {
        int[] token = new int[1];
        SoftmaxSampler.Sample(logits, logits.Length, temperature, [uniform], token);
        return token[0];
    }

    private static int Draw<TSimd, TVector>(float[] logits, double uniform)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        int[] token = new int[1];
        SoftmaxSampler.Sample<TSimd, TVector>(logits, logits.Length, 0.7f, [uniform], token);
        return token[0];
    }

    private static float[] Logits(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 6) - 3)];
    }
}
