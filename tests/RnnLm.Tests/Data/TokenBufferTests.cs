using RnnLm.Data;

namespace RnnLm.Tests.Data;

public class TokenBufferTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(60_000)]
    [InlineData(1_000_000)]
    public void GivesBackWhatWasAppendedAcrossChunksOfAnyWidth(int largest)
    {
        var buffer = new TokenBuffer();
        int[] ids = [.. Enumerable.Range(0, 150_000).Select(i => (int)((i * 2_654_435_761L) % largest))];
        foreach (int id in ids)
            buffer.Append(id);

        int[] read = new int[100_000];
        buffer.Read(30_000, read);

        Assert.Equal(150_000, buffer.Count);
        Assert.Equal(ids[30_000..130_000], read);
        Assert.Equal(ids[149_999..], Read(buffer, 149_999, 1));
    }

    [Fact]
    public void ReadingOutsideOrWhatWasForgottenIsAnError()
    {
        var buffer = new TokenBuffer();
        for (int i = 0; i < 200_000; i++)
            buffer.Append(1);
        var spare = new Stack<byte[]>();
        buffer.Forget(70_000, spare);

        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Read(199_999, new int[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Read(-1, new int[1]));
        Assert.Throws<InvalidOperationException>(() => buffer.Read(0, new int[1]));
        Assert.Equal([1], Read(buffer, 70_000, 1));

        // What was forgotten is used again.
        Assert.Single(spare);
        var next = new TokenBuffer(spare);
        for (int i = 0; i < 200_000; i++)
            next.Append(i % 7);
        Assert.Empty(spare);
        Assert.Equal([6, 0, 1], Read(next, 6, 3));
    }

    [Fact]
    public void HoldsABytePerCharacterOfOrdinaryText()
    {
        // What this thread allocates is an upper bound of what the buffer holds; other tests run beside.
        long before = GC.GetAllocatedBytesForCurrentThread();
        var buffer = new TokenBuffer();
        for (int i = 0; i < 8_000_000; i++)
            buffer.Append(i % 90);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(bytes, 7_000_000, 9_500_000);
        Assert.Equal([7_999_999 % 90], Read(buffer, 7_999_999, 1));
    }

    private static int[] Read(TokenBuffer buffer, long start, int count)
    {
        int[] ids = new int[count];
        buffer.Read(start, ids);
        return ids;
    }
}
