using System.Text;

namespace RnnLm.Tests.Privacy;

/// <summary>The figures of a report by their definitions, without any of its short cuts.</summary>
internal static class BruteForce
{
    public static double Distance(string text, IEnumerable<string> training) => training.Min(row =>
    {
        Rune[] a = [.. text.EnumerateRunes()], b = [.. row.EnumerateRunes()];
        return Levenshtein(a, b) / (double)Math.Max(a.Length, b.Length);
    });

    public static int Run(string text, IEnumerable<string> training) =>
        training.Max(row => Common([.. text.EnumerateRunes()], [.. row.EnumerateRunes()]));

    /// <summary>Wagner and Fischer's table.</summary>
    public static int Levenshtein(Rune[] a, Rune[] b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                table[i, j] = i == 0 ? j : j == 0 ? i
                    : Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }
        }

        return table[a.Length, b.Length];
    }

    private static int Common(Rune[] a, Rune[] b)
    {
        int longest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            for (int j = 0; j < b.Length; j++)
            {
                int length = 0;
                while (i + length < a.Length && j + length < b.Length && a[i + length] == b[j + length])
                    length++;
                longest = Math.Max(longest, length);
            }
        }

        return longest;
    }
}
