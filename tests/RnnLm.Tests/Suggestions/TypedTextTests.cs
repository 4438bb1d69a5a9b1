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
