using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RnnLm.Diagnostics;

namespace RnnLm.PyTorch;

/// <summary>
/// The file that tells which token each row of a model stands for: JSON, a list of tokens or an object of tokens with their ids; or, where
/// it is not named <c>.json</c>, a token in each line, with <c>\n</c>, <c>\t</c>, <c>\u00e9</c> and <c>\\</c> as in C#.
/// </summary>
internal static class TorchVocabulary
{
    private const int MaximumLength = 64 << 20;

    /// <summary>Reads the tokens in the order of their ids.</summary>
    /// <exception cref="FormatException">The file is neither; the message says where.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        if (new FileInfo(path).Length > MaximumLength)
            throw new FormatException($"'{path}' is longer than the {MaximumLength} bytes that are read of a vocabulary.");
        string text;
        try
        {
            text = File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException($"'{path}' is not UTF-8.", e);
        }

        return IsJson(path) ? ReadJson(path, text) : ReadLines(path, text);
    }

    /// <summary>Returns whether a file is JSON by its name, and not tokens in lines.</summary>
    public static bool IsJson(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    private static List<string> ReadLines(string path, string text)
    {
        string[] lines = text.Split('\n');
        var tokens = new List<string>();
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].EndsWith('\r') ? lines[i][..^1] : lines[i];
            if (line.Length == 0 && i == lines.Length - 1)
                break;
            try
            {
                tokens.Add(line.Length > 0 ? Regex.Unescape(line) : throw new ArgumentException(null, nameof(path)));
            }
            catch (ArgumentException e)
            {
                throw new FormatException(line.Length == 0
                    ? $"{path}:{i + 1}: the line is empty. Write one token a line, a line feed as \\n."
                    : $"{path}:{i + 1}: '{line}' has a backslash that begins nothing known. Write \\n, \\t, \\u00e9, and \\\\ for a "
                    + "backslash.", e);
            }
        }

        return tokens;
    }

    private static string[] ReadJson(string path, string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            JsonElement root = json.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.EnumerateArray().All(token => token.ValueKind == JsonValueKind.String))
                return [.. root.EnumerateArray().Select(token => token.GetString()!)];
            if (root.ValueKind == JsonValueKind.Object && root.EnumerateObject()
                .All(token => token.Value is { ValueKind: JsonValueKind.Number } && token.Value.TryGetInt32(out _)))
                return InOrder(path, [.. root.EnumerateObject().Select(token => (token.Name, token.Value.GetInt32()))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            JsonSyntaxFault? fault = JsonSyntax.Find(text);
            throw new FormatException($"{path}:{fault?.Line}:{fault?.Column}: the vocabulary is not JSON: {fault?.Problem}.", e);
        }

        throw new FormatException($"'{path}' is no list of tokens, such as [\"a\", \"b\"], and no object of tokens with their ids, such as "
            + $"{{\"a\": 0, \"b\": 1}}.");
    }

    private static string[] InOrder(string path, (string Token, int Id)[] tokens)
    {
        Array.Sort(tokens, (a, b) => a.Id.CompareTo(b.Id));
        return tokens.Select(token => token.Id).SequenceEqual(Enumerable.Range(0, tokens.Length))
            ? [.. tokens.Select(token => token.Token)]
            : throw new FormatException($"'{path}' does not give the ids 0 to {tokens.Length - 1} to its {tokens.Length} tokens, each "
            + "once.");
    }
}
