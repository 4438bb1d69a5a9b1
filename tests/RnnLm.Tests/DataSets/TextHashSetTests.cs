using RnnLm.DataSets;

namespace RnnLm.Tests.DataSets;

public class TextHashSetTests
{
    [Fact]
    public void ItHoldsWhatASetHolds()
    {
        var random = new Random(1);
        var set = new TextHashSet();
        var expected = new HashSet<ulong>();
        for (int i = 0; i < 300_000; i++)
        {
            // Few parts and few values, so that they stand close, wrap around and come again; 0 and 1 among them.
            ulong hash = i % 3 == 0 ? (ulong)random.NextInt64() : ((ulong)random.Next(3) << 62) | (uint)random.Next(50_000);
            ulong stored = hash == 0 ? 1 : hash;
            Assert.Equal(expected.Contains(stored), set.Contains(hash));
            Assert.Equal(expected.Add(stored), set.Add(hash));
        }

        Assert.Equal(expected.Count, set.Count);
        Assert.All(expected, hash => Assert.True(set.Contains(hash)));
    }

    [Fact]
    public void TextsThatFollowOthersAreToldApart()
    {
        ulong[] hashes = [TextHashSet.Hash("ab"), TextHashSet.Hash("b", TextHashSet.Hash("a")),
            TextHashSet.Hash("", TextHashSet.Hash("ab")), TextHashSet.Hash("ba"), TextHashSet.Hash("")];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }
}
