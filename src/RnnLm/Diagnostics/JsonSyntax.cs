using System.Text;
using System.Text.Json;

namespace RnnLm.Diagnostics;

/// <summary>Says in plain words what keeps a text from being JSON (RFC 8259): the parser's own messages speak of its class and
/// options.</summary>
internal static class JsonSyntax
{
    // The parser's bound, and how much of the text is shown on each side of a fault.
    private const int MostLevels = 64, Shown = 10;

    /// <summary>Finds the first fault. Half of a surrogate pair is one too, since no text can hold it.</summary>
    /// <param name="json">The text.</param>
    /// <param name="isLoose">Whether comments, and commas before the end of a list or an object, are no faults.</param>
    /// <returns>The fault; null where the text is JSON.</returns>
    public static JsonSyntaxFault? Find(string json, bool isLoose = false)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions
        {
            MaxDepth = MostLevels,
            AllowTrailingCommas = isLoose,
            CommentHandling = isLoose ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
        });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    reader.GetString();
            }

            return null;
        }
        catch (JsonException e)
        {
            int line = 0;
            for (long left = e.LineNumber ?? 0; left > 0; left--)
                line += utf8.AsSpan(line).IndexOf((byte)'\n') + 1;
            int at = Math.Min(line + (int)(e.BytePositionInLine ?? 0), utf8.Length);
            return At(json, utf8, at, Problem(utf8.AsSpan(at), reader.CurrentDepth));
        }
        catch (InvalidOperationException)
        {
            return At(json, utf8, (int)reader.TokenStartIndex,
                @"an escape \u in this string is half of a surrogate pair without the other half, which is no character. Write both");
        }
    }

    private static JsonSyntaxFault At(string json, byte[] utf8, int at, string problem)
    {
        int place = Encoding.UTF8.GetCharCount(utf8, 0, at), line = json[..place].Count(c => c == '\n');
        int lineStart = json.LastIndexOf('\n', Math.Max(place - 1, 0)) + 1;
        int from = Math.Max(place - Shown, lineStart), to = Math.Min(place + Shown, json.Length);
        return new(line + 1, json[lineStart..place].EnumerateRunes().Count() + 1, json[from..to].ReplaceLineEndings(" "), problem);
    }

    private static string Problem(ReadOnlySpan<byte> rest, int depth) =>
        rest.IsEmpty ? "it ends before a string, a list or an object is closed"
        : rest.StartsWith(Encoding.UTF8.Preamble) ? "a byte order mark may stand at the start of a file alone. Take it out"
        : depth >= MostLevels - 1 && rest[0] is (byte)'{' or (byte)'['
            ? $"lists and objects are more than {MostLevels} levels deep. Write the data with fewer levels"
        : @"JSON has names and strings in double quotes, with \\ for a backslash and \t for a tab; numbers, true, false, null, lists and "
            + "objects; and commas between two items alone";
}
