using RnnLm.Suggestions;

namespace RnnLm.Tests.Suggestions;

public class TypedTextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void ItCountsTheEditsBetweenAllShortTexts(int most)
    {
        int[][] texts = [.. All(4)];
        foreach (int[] typed in texts.Append([-1, 0]))
        {
            var comparison = new TypedText(typed, most);
            foreach (int[] text in texts)
            {
                EditRow before = default, row = comparison.Start;
                for (int i = 0; i < text.Length; i++)
                    (before, row) = (row, comparison.Next(row, before, i > 0 ? text[i - 1] : -1, text[i], i + 1));

                Assert.Equal(Math.Min(most + 1, Edits.Between(typed, text)), comparison.Whole(row, text.Length));
                int least = Enumerable.Range(0, typed.Length + 1).Min(length => Edits.Between(typed.AsSpan(0, length), text));
                Assert.Equal(Math.Min(most + 1, least), comparison.Least(row));
            }
        }
    }

    /// <summary>What is kept from key to key, and what all tokens that were not typed have in common.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void MoreTypingLeavesShortTextsAsTheyAre(int most)
    {
        foreach (int[] typed in All(5).Where(typed => typed.Length > most))
        {
            TypedText comparison = new(typed, most), longer = new([.. typed, 0, 1], most);
            Assert.Equal(typed.Length, longer.Common(comparison));
            foreach (int[] text in All(3))
            {
                (EditRow row, EditRow other) = (comparison.Start, longer.Start);
                (EditRow before, EditRow otherBefore) = (default(EditRow), default(EditRow));
                for (int i = 0; i < text.Length && i < comparison.Final; i++)
                {
                    int last = i > 0 ? text[i - 1] : -1;
                    EditRow next = comparison.Next(row, before, last, text[i], i + 1);
                    if (!comparison.Near(i + 1).Contains(text[i]))
                        Assert.Equal(comparison.Next(row, before, last, TypedText.Other, i + 1), next);
                    (before, row) = (row, next);
                    (otherBefore, other) = (other, longer.Next(other, otherBefore, last, text[i], i + 1));
                    Assert.Equal(row, other);
                    Assert.Equal(comparison.TooMany, comparison.Whole(row, i + 1));
                    Assert.Equal(comparison.TooMany, longer.Whole(other, i + 1));
                }
            }
        }
    }

    private static IEnumerable<int[]> All(int maxLength)
    {
        List<int[]> texts = [[]];
        for (int i = 0; i < texts.Count; i++)
        {
            if (texts[i].Length < maxLength)
                texts.AddRange(Enumerable.Range(0, 3).Select(token => (int[])[.. texts[i], token]));
        }

        return texts;
    }
}
