namespace RnnLm.Diagnostics;

/// <summary>The values of JSON that are no strings, lists or objects: numbers, true, false and null.</summary>
internal static class JsonWord
{
    /// <summary>Passes over a value.</summary>
    /// <param name="json">The text that it stands in.</param>
    /// <param name="at">Where it begins; then where it has ended, or where the fault is.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public static string? Pass(string json, ref int at)
    {
        string word = Read(json, at);
        if (word is "true" or "false" or "null" || IsNumber(word))
        {
            at += word.Length;
            return null;
        }

        char next = at < json.Length ? json[at] : ',';
        string plain = word.ToLowerInvariant();
        return plain switch
        {
            "" when next is ',' or '}' or ']' => "a value is missing",
            "" when next == '\'' => "a string stands in single quotes. Use double quotes",
            "" => NoValue(next.ToString()),
            "nan" or "inf" or "infinity" or "-inf" or "-infinity" =>
                $"'{word}' is not a number of JSON. Write null where there is no number",
            "true" or "false" or "null" => $"'{word}' is not JSON. Write {plain}",
            "none" or "nil" or "undefined" => $"'{word}' is not JSON. Write null",
            [(>= '0' and <= '9') or '-' or '+' or '.', ..] =>
                $"'{word}' is not a number of JSON. Write a number such as -3, 0.5 or 1e-4; and a text in double quotes",
            _ => NoValue(word),
        };
    }

    /// <summary>Returns the word that begins at a place: letters, digits and what numbers have besides.</summary>
    public static string Read(string json, int at)
    {
        int end = at;
        while (end < json.Length && (char.IsLetterOrDigit(json[end]) || json[end] is '_' or '-' or '+' or '.'))
            end++;
        return json[at..end];
    }

    private static string NoValue(string word) =>
        $"'{word}' is not a value. A value is a string in double quotes, a number, true, false, null, a list or an object";

    private static bool IsNumber(ReadOnlySpan<char> word)
    {
        ReadOnlySpan<char> rest = word is ['-', ..] ? word[1..] : word;
        bool isGood = rest is not ['0', >= '0' and <= '9', ..] && TakeDigits(ref rest);
        if (rest is ['.', ..])
        {
            rest = rest[1..];
            isGood &= TakeDigits(ref rest);
        }

        if (rest is ['e' or 'E', ..])
        {
            rest = rest[(rest is [_, '+' or '-', ..] ? 2 : 1)..];
            isGood &= TakeDigits(ref rest);
        }

        return isGood && rest.IsEmpty;
    }

    /// <summary>Takes ASCII digits away, and returns whether there were any.</summary>
    private static bool TakeDigits(ref ReadOnlySpan<char> rest)
    {
        int count = rest.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : rest.Length;
        rest = rest[count..];
        return count > 0;
    }
}
