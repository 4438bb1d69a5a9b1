using RnnLm.Numerics;

namespace RnnLm.Tests;

public sealed unsafe class AlignedBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void StartsOnACacheLineAndIsZero(int length)
    {
        for (int i = 0; i < 20; i++)
        {
            var floats = new AlignedBuffer<float>(length);
            Assert.Equal(0u, (nuint)floats.Pointer % 64);
            Assert.Equal(length, floats.Span.Length);
            Assert.Equal(-1, floats.Span.IndexOfAnyExcept(0f));
            var doubles = new AlignedBuffer<double>(length);
            Assert.Equal(0u, (nuint)doubles.Pointer % 64);
            Assert.Equal(length, doubles.Span.Length);
        }
    }

    [Fact]
    public void PointerAndSpanAreTheSameMemory()
    {
        var floats = new AlignedBuffer<float>(5);
        floats.Pointer[4] = 3;
        Assert.Equal(3, floats.Span[4]);
    }

    [Fact]
    public void GrowsToZerosWithSomeToSpareAndNeverShrinks()
    {
        var floats = new AlignedBuffer<float>(100);
        floats.Span.Fill(1);
        floats.Reserve(40);
        Assert.Equal(100, floats.Length);
        Assert.Equal(1, floats.Span[99]);
        floats.Reserve(101);
        Assert.Equal(125, floats.Length);
        Assert.Equal(0u, (nuint)floats.Pointer % 64);
        Assert.Equal(-1, floats.Span.IndexOfAnyExcept(0f));
    }
}
