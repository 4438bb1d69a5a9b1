using System.Text.Json;

namespace RnnLm.Cli.Terminal;

/// <summary>Names as they are written on the command line.</summary>
internal static class OptionName
{
    // Names that are one word whatever their capitals.
    private static readonly string[] Words = ["AdamW", "PyTorch", "RmsProp", "TorchSharp"];

    /// <summary>Turns the library's name of an option or value into lower case and hyphens.</summary>
    public static string Of(string name) =>
        Words.Contains(name, StringComparer.Ordinal) ? name.ToLowerInvariant() : JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    /// <summary>Turns the library's name of an option or value into that of a configuration file: lower case and underscores.</summary>
    public static string KeyOf(string name) => Of(name).Replace('-', '_');

    /// <summary>Tells whether two names are one, whatever their capitals, hyphens and underscores.</summary>
    public static bool AreSame(string a, string b) => Plain(a).Equals(Plain(b), StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the known name that was begun, or is nearest to a mistyped one; null where none is near.</summary>
    public static string? Nearest(string typed, IEnumerable<string> known)
    {
        string[] names = [.. known];
        if (typed.Length > 3 && names.Where(name => name.StartsWith(typed, StringComparison.Ordinal))
            .MinBy(name => name.Length) is { } begun)
            return begun;
        string? nearest = names.MinBy(name => Distance(typed, name));
        return nearest is not null && Distance(typed, nearest) <= Math.Max(1, typed.Length / 3) ? nearest : null;
    }

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);

    /// <summary>The number of letters to be put in, taken out or replaced, or neighbours to be exchanged (Damerau, 1964).</summary>
    private static int Distance(string a, string b)
    {
        int[] before = [], last = [], row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            (before, last, row) = (last, row, new int[b.Length + 1]);
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
        }

        return row[b.Length];
    }
}
