using RnnLm.Numerics;

namespace RnnLm.Tests;

public sealed unsafe class AlignedFloatsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void StartsOnACacheLineAndIsZero(int length)
    {
        for (int i = 0; i < 20; i++)
        {
            var floats = new AlignedFloats(length);
            Assert.Equal(0u, (nuint)floats.Pointer % 64);
            Assert.Equal(length, floats.Span.Length);
            Assert.Equal(-1, floats.Span.IndexOfAnyExcept(0f));
        }
    }

    [Fact]
    public void PointerAndSpanAreTheSameMemory()
    {
        var floats = new AlignedFloats(5);
        floats.Pointer[4] = 3;
        Assert.Equal(3, floats.Span[4]);
    }
}
