using System.Text;
using System.Text.Json;

namespace RnnLm.Cli;

/// <summary>A piece of a configuration's JSON.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Text">Its text: of a string without quotes and escapes.</param>
/// <param name="Line">The line that it stands in, from 1.</param>
internal readonly record struct ConfigToken(JsonTokenType Type, string Text, int Line)
{
    /// <summary>Reads JSON with comments and trailing commas.</summary>
    /// <exception cref="UsageException">It is not JSON; the message says where.</exception>
    public static IReadOnlyList<ConfigToken> ReadAll(ReadOnlySpan<byte> json, string name)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        var tokens = new List<ConfigToken>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        int line = 1, counted = 0;
        try
        {
            while (reader.Read())
            {
                int start = (int)reader.TokenStartIndex;
                line += json[counted..start].Count((byte)'\n');
                counted = start;
                string text = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
                tokens.Add(new(reader.TokenType, text, line));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            int at = (e as JsonException)?.LineNumber is long zeroBased ? (int)zeroBased + 1 : line;
            throw new UsageException($"'{name}', line {at}: this is not JSON: {e.Message.Split(" LineNumber:")[0]}", isVerbatim: true);
        }

        return tokens;
    }
}
