using RnnLm.Numerics;

namespace RnnLm.Tests.Numerics;

public class RowKeyHashTests
{
    // FNV-1a over UTF-16, low byte first, computed apart in Python: the keys of data that were written once must stay the same.
    [Theory]
    [InlineData("", 14695981039346656037)]
    [InlineData("a", 620337896427418084UL)]
    [InlineData("row é😀", 6343301145035502101UL)]
    public void TheHashOfATextIsFixed(string text, ulong expected) => Assert.Equal(expected, RowKeyHash.Of(text));
}
