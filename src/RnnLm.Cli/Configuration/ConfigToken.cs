using System.Text;
using System.Text.Json;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Configuration;

/// <summary>A piece of a configuration's JSON.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Text">Its text: of a string without quotes and escapes.</param>
/// <param name="Line">The line that it stands in, from 1.</param>
/// <param name="Column">The character of the line that it begins with, from 1.</param>
internal readonly record struct ConfigToken(JsonTokenType Type, string Text, int Line, int Column)
{
    /// <summary>Reads JSON with comments and trailing commas.</summary>
    /// <exception cref="UsageException">It is not JSON; the message says where.</exception>
    public static IReadOnlyList<ConfigToken> ReadAll(ReadOnlySpan<byte> json, string name)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        var tokens = new List<ConfigToken>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true
        });
        int line = 1, counted = 0, lineStart = 0;
        try
        {
            while (reader.Read())
            {
                int start = (int)reader.TokenStartIndex;
                ReadOnlySpan<byte> passed = json[counted..start];
                line += passed.Count((byte)'\n');
                lineStart = passed.LastIndexOf((byte)'\n') is >= 0 and var end ? counted + end + 1 : lineStart;
                counted = start;
                string text = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                    ? reader.GetString()!
                    : Encoding.UTF8.GetString(reader.ValueSpan);
                tokens.Add(new(reader.TokenType, text, line, Column(json[lineStart..start])));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            JsonSyntaxFault fault = JsonSyntax.Find(Encoding.UTF8.GetString(json), isLoose: true)
                ?? new(line, Column(json[lineStart..counted]), "", "this is not text of the encoding UTF-8. Save the file as UTF-8");
            throw new UsageException($"{name}:{fault.Line}:{fault.Column}: this is not JSON: {fault.Problem}.");
        }

        return tokens;

        static int Column(ReadOnlySpan<byte> before) => Encoding.UTF8.GetCharCount(before) + 1;
    }
}
