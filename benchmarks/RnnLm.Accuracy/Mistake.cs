namespace RnnLm.Accuracy;

/// <summary>One random edit: a character inserted, left out or replaced, or two neighbours exchanged.</summary>
internal static class Mistake
{
    /// <summary>Returns the text after an edit that changes it.</summary>
    /// <param name="text">The text, not empty.</param>
    /// <param name="characters">The characters that are inserted, or come in place of another.</param>
    /// <param name="random">What chooses.</param>
    /// <param name="from">The first place that may be changed.</param>
    public static string In(string text, string characters, Random random, int from = 0)
    {
        while (true)
        {
            int at = random.Next(from, text.Length);
            char other = characters[random.Next(characters.Length)];
            string changed = random.Next(4) switch
            {
                0 => text.Insert(at, $"{other}"),
                1 => text.Remove(at, 1),
                2 => text[..at] + other + text[(at + 1)..],
                _ when at + 1 < text.Length => text[..at] + text[at + 1] + text[at] + text[(at + 2)..],
                _ => text,
            };
            if (changed != text && changed.Length > from)
                return changed;
        }
    }
}
