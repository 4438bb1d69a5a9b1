using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RnnLm.Tests;

/// <summary>Damages files where their checksums can't tell, as a faulty program would: wrong types, missing members, sizes out of all
/// proportion.</summary>
internal static class Damage
{
    private static readonly string[] s_values =
    [
        "null", "true", "-1", "0", "1", "7", "0.5", "1e-320", "1e308", "1e309", "2147483647", "2147483648", "-9223372036854775808",
        "18446744073709551616", "\"\"", "\"NaN\"", "\"-Infinity\"",
        "\"7\"", "\"Stream\"", "\"gru\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[null]", "[1,2]", "{\"a\":null}",
        "\"99999999.00:00:00\"", "\"-00:00:01\"", "\"00:00:01\"",
    ];

    /// <summary>Gets how many cases a test of damage tries: the number that is given, times <c>RNNLM_FUZZ</c> where that is set.</summary>
    public static IEnumerable<int> Cases(int count)
    {
        int factor = int.TryParse(Environment.GetEnvironmentVariable("RNNLM_FUZZ"), CultureInfo.InvariantCulture, out int times)
            ? times
            : 1;
        return Enumerable.Range(0, count * factor);
    }

    /// <summary>Changes one member of a JSON text, or leaves it out, or doubles or renames it; or changes a character of the
    /// text.</summary>
    public static string Json(Random random, string json)
    {
        if (random.Next(8) == 0)
        {
            int at = random.Next(json.Length);
            return json[..at] + (char)random.Next(32, 127) + json[Math.Min(json.Length, at + random.Next(3))..];
        }

        var root = JsonNode.Parse(json)!;
        List<JsonNode> places = [];
        Gather(root, places);
        JsonNode parent = places[random.Next(places.Count)];
        // A mark that is replaced in the text: a node can't hold every value that a file can.
        const string mark = "\"<damaged>\"";
        string value = s_values[random.Next(s_values.Length)];
        if (parent is JsonObject named)
        {
            string name = named.ElementAt(random.Next(named.Count)).Key;
            switch (random.Next(5))
            {
                case 0: named.Remove(name); break;
                case 1: named[name + "_"] = named[name]?.DeepClone(); named.Remove(name); break;
                case 2:
                return named.Root.ToJsonString().Replace($"\"{name}\":", $"\"{name}\":{value},\"{name}\":", StringComparison.Ordinal);
                default: named[name] = "<damaged>"; break;
            }
        }
        else
        {
            var list = (JsonArray)parent;
            int at = random.Next(list.Count);
            switch (random.Next(4))
            {
                case 0: list.RemoveAt(at); break;
                case 1: list.Add(list[at]?.DeepClone()); break;
                default: list[at] = "<damaged>"; break;
            }
        }

        return root.ToJsonString(
            new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            .Replace(mark, value, StringComparison.Ordinal);
    }

    /// <summary>Changes some bytes.</summary>
    public static void Bytes(Random random, Span<byte> bytes)
    {
        for (int i = random.Next(1, 5); i > 0 && bytes.Length > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
    }

    private static void Gather(JsonNode? node, List<JsonNode> places)
    {
        if (node is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
            places.Add(node);
        foreach (JsonNode? child in node is JsonObject named ? named.Select(p => p.Value) : node is JsonArray list ? list : [])
            Gather(child, places);
    }
}
