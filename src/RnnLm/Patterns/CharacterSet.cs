using System.Text.RegularExpressions;

namespace RnnLm.Patterns;

/// <summary>
/// A part of a pattern that stands for one UTF-16 unit, as it is written: <c>a</c>, <c>.</c>, <c>\d</c>, <c>[a-z-[aeiou]]</c>. .NET itself
/// says what it matches, so Unicode categories, blocks and case are those of <see cref="Regex"/> by construction.
/// </summary>
/// <param name="Source">How it is written.</param>
/// <param name="IgnoreCase">Whether upper and lower case are one.</param>
/// <param name="DotMatchesLineFeed">Whether a dot matches a line feed.</param>
internal readonly record struct CharacterSet(string Source, bool IgnoreCase, bool DotMatchesLineFeed)
{
    /// <summary>Returns, for each of some UTF-16 units, whether the set has it.</summary>
    public bool[] Find(string units)
    {
        var found = new bool[units.Length];
        foreach (ValueMatch match in ToRegex().EnumerateMatches(units))
            found[match.Index] = true;
        return found;
    }

    /// <summary>Returns, for each UTF-16 unit that there is, whether the set has it.</summary>
    public bool[] FindAll() => Find(string.Create(char.MaxValue + 1, 0, static (units, _) =>
    {
        for (int i = 0; i < units.Length; i++)
            units[i] = (char)i;
    }));

    private Regex ToRegex()
    {
        RegexOptions options = RegexOptions.CultureInvariant;
        if (IgnoreCase)
            options |= RegexOptions.IgnoreCase;
        if (DotMatchesLineFeed)
            options |= RegexOptions.Singleline;
        return new Regex(Source, options, Regex.InfiniteMatchTimeout);
    }
}
