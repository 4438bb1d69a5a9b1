namespace RnnLm.Tests.Suggestions;

/// <summary>The whole table of edits, as the textbooks have it.</summary>
internal static class Edits
{
    /// <summary>
    /// Returns the least number of insertions, deletions, replacements and exchanges of neighbours, no place being edited twice.
    /// </summary>
    public static int Between(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
