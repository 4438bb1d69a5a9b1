using RnnLm.Numerics;

namespace RnnLm.Tests.Numerics;

public class CounterRandomTests
{
    /// <summary>Known answers of Philox4x32-10 from the Random123 distribution (kat_vectors).</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u,
        0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u,
        0x24126ea1u)]
    public void BlockAgreesWithTheKnownAnswers(uint a, uint b, uint c, uint d, uint key0, uint key1, uint w0, uint w1, uint w2, uint w3)
    {
        CounterRandom.Words words = CounterRandom.Block(new CounterRandom.Words { A = a, B = b, C = c, D = d }, key0, key1);

        Assert.Equal((w0, w1, w2, w3), (words.A, words.B, words.C, words.D));
    }

    [Fact]
    public void ASequenceIsAPureFunctionOfSeedSequenceAndPurpose()
    {
        uint[] Draw(ulong seed, ulong sequence, uint purpose)
        {
            var random = new CounterRandom(seed, sequence, purpose);
            return [.. Enumerable.Range(0, 9).Select(_ => random.NextUInt32())];
        }

        Assert.Equal(Draw(1, 2, 3), Draw(1, 2, 3));
        Assert.NotEqual(Draw(1, 2, 3), Draw(2, 2, 3));
        Assert.NotEqual(Draw(1, 2, 3), Draw(1, 3, 3));
        Assert.NotEqual(Draw(1, 2, 3), Draw(1, 2, 4));
    }

    [Fact]
    public void PositionGoesToAnyPlace()
    {
        var random = new CounterRandom(5, 6, 1);
        uint[] all = [.. Enumerable.Range(0, 20).Select(_ => random.NextUInt32())];

        foreach (int place in new[] { 0, 1, 4, 7, 19 })
        {
            var again = new CounterRandom(5, 6, 1) { Position = (ulong)place };
            Assert.Equal((ulong)place, again.Position);
            Assert.Equal(all[place], again.NextUInt32());
        }
    }

    [Fact]
    public void NumbersAreUniformAndNormal()
    {
        var random = new CounterRandom(11, 0, 1);
        const int Count = 200_000;
        int[] sides = new int[6];
        double sum = 0, squares = 0, normalSum = 0, normalSquares = 0;
        for (int i = 0; i < Count; i++)
        {
            sides[random.NextInt(6)]++;
            double uniform = random.NextDouble(), normal = random.NextNormal();
            Assert.InRange(uniform, 0, 0.9999999999999999);
            sum += uniform;
            squares += uniform * uniform;
            normalSum += normal;
            normalSquares += normal * normal;
        }

        Assert.InRange(sides.Sum(n => Math.Pow(n - (Count / 6.0), 2) / (Count / 6.0)), 0, 20.5);   // chi-square, 5 degrees, p = 0.001
        Assert.InRange(sum / Count, 0.497, 0.503);
        Assert.InRange((squares / Count) - 0.25, 0.08, 0.0866);
        Assert.InRange(normalSum / Count, -0.01, 0.01);
        Assert.InRange(normalSquares / Count, 0.985, 1.015);
    }
}
