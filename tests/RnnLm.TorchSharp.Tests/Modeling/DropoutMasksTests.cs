using RnnLm.TorchSharp.Modeling;

namespace RnnLm.TorchSharp.Tests;

/// <summary>The masks of a GPU, computed on the CPU.</summary>
public class DropoutMasksTests
{
    [LibTorchFact]
    public void NumbersAreThoseOfTheHash()
    {
        ulong key = 0xFEDCBA9876543210;
        using torch.Tensor numbers = HashedNumbers.Draw(1000, key, torch.CPU);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)LowBias(LowBias((uint)i + (uint)key) ^ (uint)(key >> 32))),
            numbers.data<long>().ToArray());
    }

    [LibTorchTheory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.85)]
    public void AMaskLeavesOutTheShareThatIsAskedForAndEachIsItsOwn(double rate)
    {
        const int count = 200_000;
        using var masks = new DropoutMasks(5);
        using DisposeScope scope = torch.NewDisposeScope();
        using torch.Tensor like = torch.zeros(400, 500);
        var drawn = new List<float[]>();
        for (int pass = 0; pass < 3; pass++)
        {
            masks.Next();
            drawn.Add(masks.DrawInPlace(like, rate).data<float>().ToArray());
            drawn.Add(masks.DrawInPlace(like, rate).data<float>().ToArray());
        }

        // Five standard deviations of a share of so many.
        double share = Math.Sqrt(rate * (1 - rate) / count) * 5,
            both = Math.Sqrt((1 - rate) * (1 - rate) * (1 - ((1 - rate) * (1 - rate))) / count) * 5;
        foreach (float[] mask in drawn)
        {
            Assert.Equal([0f, 1f], mask.Distinct().Order());
            Assert.InRange(mask.Average(), 1 - rate - share, 1 - rate + share);
            Assert.InRange(mask.Zip(mask.Skip(1), (a, b) => a * b).Average(), ((1 - rate) * (1 - rate)) - both,
                ((1 - rate) * (1 - rate)) + both);
        }

        Assert.All(drawn.SelectMany((a, i) => drawn.Skip(i + 1).Select(b => a.Zip(b, (x, y) => x * y).Average())),
            mean => Assert.InRange(mean, ((1 - rate) * (1 - rate)) - both, ((1 - rate) * (1 - rate)) + both));
    }

    [LibTorchFact]
    public void AResumedRunDrawsTheSameMasks()
    {
        using var run = new DropoutMasks(7);
        using var resumed = new DropoutMasks(7);
        using torch.Tensor like = torch.zeros(10, 10);
        run.Next();
        resumed.Restore([.. run.Save()]);
        run.Next();
        resumed.Next();
        Assert.Equal(run.DrawInPlace(like, 0.5).data<float>().ToArray(), resumed.DrawInPlace(like, 0.5).data<float>().ToArray());
    }

    private static uint LowBias(uint x)
    {
        x = (x ^ (x >> 16)) * 0x7FEB352D;
        x = (x ^ (x >> 15)) * 0x846CA68B;
        return x ^ (x >> 16);
    }
}
