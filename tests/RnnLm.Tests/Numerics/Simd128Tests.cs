using System.Runtime.Intrinsics;
using RnnLm.Numerics;

namespace RnnLm.Tests;

public sealed class Simd128Tests
{
    [Fact]
    public void EmulatedFusedMultiplyAddRoundsOnce()
    {
        var random = new Random(1);
        for (int i = 0; i < 400_000; i++)
        {
            float a = Any(), b = Any(), c = Any();
            if (i % 2 == 0)
            {
                // Sums that nearly cancel, or that lie close to the middle between two floats, are where a second rounding shows.
                a = 1 + (random.Next(1 << 12) * MathF.ScaleB(1, -12));
                b = 1 + (random.Next(1 << 12) * MathF.ScaleB(1, -12));
                c = random.Next(3) switch { 0 => -(a * b), 1 => MathF.ScaleB(random.NextSingle() - 0.5f, -random.Next(60)),
                    _ => MathF.ScaleB(1, random.Next(-60, 30)) };
            }

            AssertSame(a, b, c);
        }

        float Any() => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
    }

    [Fact]
    public void EmulatedFusedMultiplyAddKeepsTheSpecialValues()
    {
        float[] values = [0, -0f, 1, -1, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.MaxValue, float.MinValue,
            float.Epsilon, -float.Epsilon, 1.1754942e-38f];
        foreach (float a in values)
        {
            foreach (float b in values)
            {
                foreach (float c in values)
                    AssertSame(a, b, c);
            }
        }
    }

    private static void AssertSame(float a, float b, float c)
    {
        float expected = MathF.FusedMultiplyAdd(a, b, c);
        float actual = Simd128.EmulateFusedMultiplyAdd(Vector128.Create(a), Vector128.Create(b), Vector128.Create(c)).GetElement(3);
        if (float.IsNaN(expected))
            Assert.True(float.IsNaN(actual));
        else
            Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(actual));
    }
}
