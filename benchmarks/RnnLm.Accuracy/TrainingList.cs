namespace RnnLm.Accuracy;

/// <summary>The honest baseline of a model: a list of what it was trained on, the most frequent first.</summary>
internal sealed class TrainingList
{
    private readonly string[] _entries;
    private readonly HashSet<string> _known;

    public TrainingList(IEnumerable<string> entries)
    {
        _entries = [.. entries.GroupBy(entry => entry, StringComparer.Ordinal).OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key)];
        _known = new(_entries, StringComparer.Ordinal);
    }

    public bool Contains(string entry) => _known.Contains(entry);

    public IEnumerable<string> StartingWith(string prefix) => _entries.Where(entry => entry.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Returns the entries at the least distance first, by insertions, deletions, replacements and exchanges of
    /// neighbours.</summary>
    public IEnumerable<string> Nearest(string text) => _entries.OrderBy(entry => Distance(text, entry));

    private static int Distance(string a, string b)
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
