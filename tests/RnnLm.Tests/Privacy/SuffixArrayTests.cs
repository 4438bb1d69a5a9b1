using RnnLm.Privacy;

namespace RnnLm.Tests.Privacy;

public sealed class SuffixArrayTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20)]
    public void SuffixesAreInOrder(int letters)
    {
        var random = new Random(letters);
        for (int length = 0; length < 120; length++)
        {
            for (int repeat = 0; repeat < 5; repeat++)
            {
                int[] text = [.. Enumerable.Range(0, length).Select(_ => random.Next(letters))];
                int[] expected = [.. Enumerable.Range(0, length)];
                Array.Sort(expected, (a, b) => text.AsSpan(a).SequenceCompareTo(text.AsSpan(b)));

                Assert.Equal(expected, SuffixArray.Of(text, Math.Max(0, letters - 1)));
            }
        }
    }

    [Fact]
    public void TextsThatRepeatThemselvesAreInOrderToo()
    {
        // Fibonacci's word and rows that are all the same: the most that suffixes can have in common.
        string word = "b", next = "a";
        while (next.Length < 500)
            (word, next) = (next, next + word);
        foreach (int[] text in (int[][])[[.. next.Select(c => c - 'a')], [.. Enumerable.Range(0, 600).Select(i => (i + 1) % 6)],
            new int[300]])
        {
            int[] expected = [.. Enumerable.Range(0, text.Length)];
            Array.Sort(expected, (a, b) => text.AsSpan(a).SequenceCompareTo(text.AsSpan(b)));

            Assert.Equal(expected, SuffixArray.Of(text, 5));
        }
    }
}
