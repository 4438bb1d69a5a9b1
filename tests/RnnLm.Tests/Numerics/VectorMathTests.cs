using System.Runtime.Intrinsics;
using RnnLm.Numerics;

namespace RnnLm.Tests;

public sealed class VectorMathTests
{
    private static readonly float[] s_inputs = MakeInputs();

    [Fact]
    public void ExpIsWithinTwoUnitsInTheLastPlace() => AssertClose(VectorMath.Exp, Math.Exp, 2);

    [Fact]
    public void SigmoidIsWithinThreeUnitsInTheLastPlace() =>
        AssertClose(VectorMath.Sigmoid, x => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x)), 3);

    [Fact]
    public void TanhIsWithinFourUnitsInTheLastPlace() => AssertClose(VectorMath.Tanh, Math.Tanh, 4);

    [Fact]
    public void LimitsAreExact()
    {
        float[] x = [float.NegativeInfinity, float.PositiveInfinity, float.MinValue, float.MaxValue, 0f, -0f, 200f, -200f];
        Assert.Equal([0, float.PositiveInfinity, 0, float.PositiveInfinity, 1, 1, float.PositiveInfinity, 0], Apply(VectorMath.Exp, x));
        Assert.Equal([0, 1, 0, 1, 0.5f, 0.5f, 1, 0], Apply(VectorMath.Sigmoid, x));
        float[] tanh = Apply(VectorMath.Tanh, x);
        Assert.Equal([-1, 1, -1, 1, 0, 0, 1, -1], tanh);
        Assert.True(float.IsNegative(tanh[5]));
        Assert.True(float.IsPositive(tanh[4]));
    }

    [Fact]
    public void NaNStaysNaN()
    {
        const float nan = float.NaN;
        Assert.All(Apply(VectorMath.Exp, [nan]), v => Assert.True(float.IsNaN(v)));
        Assert.All(Apply(VectorMath.Sigmoid, [nan]), v => Assert.True(float.IsNaN(v)));
        Assert.All(Apply(VectorMath.Tanh, [nan]), v => Assert.True(float.IsNaN(v)));
    }

    [Fact]
    public void EveryWidthAndEveryTailGiveTheSameBits()
    {
        AssertSameBits<VectorMath.ExpMap>();
        AssertSameBits<VectorMath.SigmoidMap>();
        AssertSameBits<VectorMath.TanhMap>();
    }

    [Fact]
    public void WorksInPlaceAndLeavesWhatFollowsAlone()
    {
        for (int length = 0; length < 40; length++)
        {
            float[] x = [.. Enumerable.Range(0, length + 5).Select(i => i / 8f)];
            float[] expected = Apply(VectorMath.Exp, x.AsSpan(0, length).ToArray());
            VectorMath.Exp(x.AsSpan(0, length), x);
            Assert.Equal(expected, x[..length]);
            Assert.Equal([.. Enumerable.Range(length, 5).Select(i => i / 8f)], x[length..]);
        }
    }

    [Fact]
    public void AShortDestinationIsRefused() =>
        Assert.Throws<ArgumentException>(() => VectorMath.Exp(new float[3], new float[2]));

    private delegate void SpanFunction(ReadOnlySpan<float> x, Span<float> destination);

    private static float[] MakeInputs()
    {
        // Every 9973rd float, so all exponents and both signs; and the range that matters, finely.
        var values = new List<float>();
        for (long bits = 0; bits <= uint.MaxValue; bits += 9973)
        {
            float value = BitConverter.UInt32BitsToSingle((uint)bits);
            if (!float.IsNaN(value))
                values.Add(value);
        }

        for (int i = -110_000; i <= 110_000; i++)
            values.Add(i * 0.001f);
        return [.. values];
    }

    private static float[] Apply(SpanFunction function, float[] x)
    {
        float[] y = new float[x.Length];
        function(x, y);
        return y;
    }

    private static void AssertClose(SpanFunction function, Func<double, double> exact, double units)
    {
        float[] y = Apply(function, s_inputs);
        double worst = 0;
        float at = 0;
        for (int i = 0; i < y.Length; i++)
        {
            double expected = exact(s_inputs[i]);
            if (float.IsInfinity((float)expected) && float.IsInfinity(y[i]))
                continue;
            double unit = Math.Max(Math.Pow(2, Math.Floor(Math.Log2(Math.Abs(expected))) - 23), float.Epsilon);
            double error = Math.Abs(y[i] - expected) / unit;
            if (!(error <= worst))
                (worst, at) = (error, s_inputs[i]);
        }

        Assert.True(worst <= units, $"{worst} units in the last place at {at:R}");
    }

    private static void AssertSameBits<TMap>()
        where TMap : struct, VectorMath.IVectorMap
    {
        float[] x = [.. s_inputs.Where((_, i) => i % 7 == 0)], a = new float[x.Length], b = new float[x.Length], c = new float[x.Length],
            one = new float[1];
        VectorMath.Map<TMap, Simd128, Vector128<float>>(x, a);
        VectorMath.Map<TMap, Simd256, Vector256<float>>(x, b);
        VectorMath.Map<TMap, Simd512, Vector512<float>>(x, c);
        Assert.True(a.AsSpan().SequenceEqual(b));
        Assert.True(a.AsSpan().SequenceEqual(c));
        for (int i = 0; i < x.Length; i += 11)
        {
            VectorMath.Map<TMap, Simd512, Vector512<float>>(x.AsSpan(i, 1), one);
            Assert.Equal(BitConverter.SingleToInt32Bits(a[i]), BitConverter.SingleToInt32Bits(one[0]));
        }
    }
}
