using System.Text;

namespace RnnLm.Cli.Report;

/// <summary>
/// What a model has to remember to know where in a text it is: the properties that units were found to follow (Karpathy, Johnson and
/// Fei-Fei, "Visualizing and understanding recurrent networks", 2015).
/// </summary>
internal static class TextProperties
{
    /// <summary>Returns a value at each character for each property that varies over the text.</summary>
    /// <param name="characters">The characters; the empty string is the end of a text.</param>
    public static IEnumerable<(string What, float[] Values)> Of(IReadOnlyList<string> characters)
    {
        (string, float[])[] all =
        [
            ("position in the line", Positions(characters, c => c is "\n" or "")),
            ("position in the word", Positions(characters, c => !IsLetter(c))),
            ("inside quotation marks", Inside(characters, "\"“„«", "\"”“»")),
            ("inside brackets", Inside(characters, "([{<", ")]}>")),
            ("capital letters", [.. characters.Select(c => c.Length > 0 && Rune.IsUpper(Rune.GetRuneAt(c, 0)) ? 1f : 0)]),
            ("digits", [.. characters.Select(c => c.Length > 0 && Rune.IsDigit(Rune.GetRuneAt(c, 0)) ? 1f : 0)]),
        ];
        return all.Where(property => property.Item2.Distinct().Count() > 1);
    }

    private static float[] Positions(IReadOnlyList<string> characters, Func<string, bool> ends)
    {
        float[] positions = new float[characters.Count];
        int count = 0;
        for (int i = 1; i < positions.Length; i++)
        {
            bool isEnd = ends(characters[i]);
            positions[i] = isEnd ? 0 : positions[i - 1] + 1;
            count += isEnd ? 1 : 0;
        }

        // In one line, a unit may go with the position by chance.
        return count > 2 ? positions : new float[characters.Count];
    }

    private static float[] Inside(IReadOnlyList<string> characters, string opening, string closing)
    {
        float[] inside = new float[characters.Count];
        int open = -1;
        for (int i = 0; i < inside.Length; i++)
        {
            string c = characters[i];
            if (open >= 0 && (c.Length == 0 || c[0] == closing[open]))
                open = -1;
            else if (open < 0 && c.Length > 0)
                open = opening.IndexOf(c[0], StringComparison.Ordinal);
            inside[i] = open >= 0 ? 1 : 0;
        }

        return inside;
    }

    private static bool IsLetter(string c) => c.Length > 0 && Rune.IsLetter(Rune.GetRuneAt(c, 0));
}
