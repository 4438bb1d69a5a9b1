using System.Text.RegularExpressions;

namespace RnnLm.Tests.Patterns;

/// <summary>Writes random regular expressions with all that patterns may have.</summary>
internal sealed class RandomPatterns(Random random, string characters)
{
    private static readonly string[] Sets =
    [
        ".", @"\d", @"\w", @"\s", @"\D", @"\W", @"\S", @"\p{Lu}", @"\P{L}", @"\p{IsGreek}", "[a-c]", "[^a]", "[a-k-[b]]",
        @"[\w-[\d_]]", "[]a]", "[^]a]", "[a-]", "[-a]", @"[\]\[]", @"\x61",
        @"\u0062", @"\n", @"\-", "[a\\-c]", "[^\\s\\S]", "[b-k-[c-j-[d]]]", "[^-k]", @"[\x61-\x63]", @"\141",
        "[\\p{Ll}1]", "(?s:.)", "[[a]", "[[:a:]]",
    ];

    public string Next(int depth = 4)
    {
        string[] options = ["", "", "", "", "(?i)", "(?s)", "(?x)", "(?m)", "(?n)"];
        return options[random.Next(options.Length)] + Choice(depth);
    }

    /// <summary>The last of several is never empty: .NET 10 reads (?:a+|){2} as (?:a+){2}.</summary>
    private string Choice(int depth) => random.Next(5) > 0 ? Sequence(depth)
        : string.Join('|', Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Sequence(depth)).Append(Literal() + Sequence(depth)));

    private string Sequence(int depth) => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Part(depth)));

    private string Part(int depth)
    {
        string part = random.Next(depth > 0 ? 14 : 9) switch
        {
            < 5 => Literal(),
            < 8 => Sets[random.Next(Sets.Length)],
            8 => Anchor(),
            9 => $"({Choice(depth - 1)})",
            10 => $"(?:{Choice(depth - 1)})",
            11 => $"(?<x>{Choice(depth - 1)})",
            12 => $"(?i-s:{Choice(depth - 1)})",
            _ => $"(?x: {Choice(depth - 1)} #{Literal()}\n)",
        };
        string[] quantifiers = ["", "", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}?", "*?", "??", "{,2}", "{0}"];
        return part + quantifiers[random.Next(quantifiers.Length)];
    }

    private string Literal()
    {
        char character = characters[random.Next(characters.Length)];
        return char.IsSurrogate(character) || random.Next(2) == 0 ? $@"\u{(int)character:X4}" : Regex.Escape(character.ToString());
    }

    /// <summary>Nothing repeats a remark or options, which are no part of the text.</summary>
    private string Anchor()
    {
        string[] anchors = ["^", "$", @"\A", @"\z", @"\Z", "(?m:^)", "(?m:$)", "(?#remark)(?:)", "(?i)(?:)"];
        return random.Next(3) > 0 ? Literal() : anchors[random.Next(anchors.Length)];
    }
}
