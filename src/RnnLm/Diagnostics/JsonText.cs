using System.Buffers;
using System.Globalization;

namespace RnnLm.Diagnostics;

/// <summary>The strings of JSON.</summary>
internal static class JsonText
{
    private const string Unclosed = "the double quote is missing that closes a string";

    // The characters of an escape such as \u00e4.
    private const int UnitLength = 6;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Passes over a string.</summary>
    /// <param name="json">The text that it stands in.</param>
    /// <param name="at">Where it begins; then where it has ended, or where the fault is.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public static string? Pass(string json, ref int at)
    {
        for (at++; at < json.Length; at++)
        {
            char c = json[at];
            if (c == '"')
            {
                at++;
                return null;
            }

            if (c < ' ')
                return OfControl(c);
            if (c == '\\' && PassEscape(json, ref at) is { } fault)
                return fault;
        }

        return Unclosed;
    }

    /// <summary>Passes over an escape up to its last character.</summary>
    private static string? PassEscape(string json, ref int at)
    {
        if (at + 1 == json.Length)
        {
            at++;
            return Unclosed;
        }

        if (json[at + 1] != 'u')
        {
            if (!"\"\\/bfnrt".Contains(json[at + 1], StringComparison.Ordinal))
                return $"'\\{json[at + 1]}' is not an escape. Write a backslash as \\\\";
            at++;
            return null;
        }

        if (UnitAt(json, at) is not { } first)
            return "'\\u' stands without four hexadecimal digits after it. Write a backslash as \\\\";
        if (char.IsSurrogate(first))
        {
            if (!char.IsHighSurrogate(first) || UnitAt(json, at + UnitLength) is not { } second || !char.IsLowSurrogate(second))
            {
                return $"the escape '{json.AsSpan(at, UnitLength)}' is half of a surrogate pair without the other half, which is no "
                    + "character. Write both halves, or the character itself";
            }

            at += UnitLength;
        }

        at += UnitLength - 1;
        return null;
    }

    /// <summary>Returns what an escape such as \u00e4 stands for; null where there is none.</summary>
    private static char? UnitAt(string json, int at)
    {
        if (at + UnitLength > json.Length || json[at] != '\\' || json[at + 1] != 'u')
            return null;
        ReadOnlySpan<char> digits = json.AsSpan(at + 2, UnitLength - 2);
        return digits.ContainsAnyExcept(Hexadecimal) ? null
            : (char)int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private static string OfControl(char c) => c switch
    {
        '\t' => "a tab stands in a string as it is. Write it as \\t",
        '\n' or '\r' => "a line ends within a string. Close the string by a double quote, or write the line end as \\n",
        _ => $"a control character stands in a string as it is. Write it as \\u{(int)c:x4}",
    };
}
