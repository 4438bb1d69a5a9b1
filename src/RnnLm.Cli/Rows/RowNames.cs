using RnnLm.Diagnostics;

namespace RnnLm.Cli.Rows;

/// <summary>What the parts of a row are called where nobody says so: as commands write them, and as data sets are written.</summary>
/// <param name="Text">The names of the text, the usual one first.</param>
/// <param name="Target">The names of the target; null where there is none.</param>
internal sealed record RowNames(IReadOnlyList<string> Text, IReadOnlyList<string>? Target)
{
    /// <summary>The option that names the column with the key.</summary>
    public static readonly OptionId KeyOption = new("Source", nameof(RowOptions.KeyColumn));

    public static readonly string[] Condition = ["condition", "Condition"], Key = ["key", "Key"];

    /// <summary>Returns the names where texts are called something.</summary>
    /// <param name="textName">What texts are called.</param>
    /// <param name="withTargets">Whether there are targets.</param>
    public static RowNames Of(string textName, bool withTargets) =>
        new([.. ((string[])[textName, "text", Capital(textName), "Text"]).Distinct(StringComparer.Ordinal)],
            withTargets ? ["target", "Target"] : null);

    /// <summary>Returns the number of the first column that has one of the names; -1 where none has.</summary>
    public static int Find(IReadOnlyList<string> columns, IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            for (int i = 0; i < columns.Count; i++)
            {
                if (columns[i] == name)
                    return i;
            }
        }

        return -1;
    }

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
