namespace RnnLm.Tests.Accuracy;

/// <summary>The number of edits between two texts, by trying all of them: slow, and plain to see.</summary>
internal static class EditDistance
{
    /// <summary>Returns the least number of insertions, deletions, replacements and exchanges of neighbours, none within another.</summary>
    public static int Of(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0)
            return a.Length + b.Length;
        if (a[0] == b[0])
            return Of(a[1..], b[1..]);
        int least = 1 + Math.Min(Of(a[1..], b[1..]), Math.Min(Of(a[1..], b), Of(a, b[1..])));
        return a.Length > 1 && b.Length > 1 && a[0] == b[1] && a[1] == b[0] ? Math.Min(least, 1 + Of(a[2..], b[2..])) : least;
    }
}
