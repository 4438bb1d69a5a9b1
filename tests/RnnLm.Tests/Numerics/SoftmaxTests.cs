using System.Runtime.Intrinsics;
using RnnLm.Numerics;

namespace RnnLm.Tests.Numerics;

public class SoftmaxTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(65)]
    [InlineData(4097)]
    public void TheLogarithmOfTheSumIsRightAndTheSameAtEveryWidth(int count)
    {
        var random = new CounterRandom(3, (ulong)count, 1);
        float[] logits = [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextNormal() * 4))];
        float most = logits.Max();
        double expected = Math.Log(logits.Sum(x => Math.Exp(x)));

        Assert.Equal(expected, Softmax.LogSumExp(logits), 5);
        double sum = Softmax.SumExp<Simd512, Vector512<float>>(logits, most);
        Assert.Equal(sum, Softmax.SumExp<Simd256, Vector256<float>>(logits, most));
        Assert.Equal(sum, Softmax.SumExp<Simd128, Vector128<float>>(logits, most));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(65, 1e30)]
    [InlineData(4097, -1e30)]
    public void ProbabilitiesAreThoseOfDoublePrecision(int count, float first)
    {
        var random = new CounterRandom(4, (ulong)count, 1);
        float[] logits = [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextNormal() * 4))];
        logits[0] += first;
        double most = logits.Max(), sum = logits.Sum(x => Math.Exp(x - most));
        double[] expected = [.. logits.Select(x => Math.Exp(x - most) / sum)];

        Softmax.Normalize(logits);
        for (int i = 0; i < count; i++)
            Assert.Equal(expected[i], logits[i], 1e-6);
    }

    [Fact]
    public void LargeLogitsDoNotOverflow() =>
        Assert.Equal(3e38 + Math.Log(2), Softmax.LogSumExp([3e38f, 3e38f, -3e38f]), 1e31);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void WhatIsNoNumberIsAnError(float value)
    {
        Assert.Throws<InvalidOperationException>(() => Softmax.LogSumExp([0, value, 1]));
        Assert.Throws<InvalidOperationException>(() => Softmax.Normalize([0, value, 1]));
    }
}
