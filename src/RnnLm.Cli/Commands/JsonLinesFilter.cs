using System.Text.Json;
using RnnLm.Cli.Models;
using RnnLm.Cli.Terminal;
using RnnLm.Generation;
using RnnLm.Numerics;

namespace RnnLm.Cli.Commands;

/// <summary>
/// Reads lines of JSON and writes them with continuations added. With a seed, what is written for a line depends on the seed, its key, prompt and
/// settings alone; so the input may be divided among processes or machines in any way, and gives the same lines.
/// </summary>
internal sealed class JsonLinesFilter(TextGenerator generator, IReadOnlyList<string> conditions, string? defaultCondition)
{
    private readonly Queue<JsonElement> _lines = [];

    public void Run(CommandContext context)
    {
        foreach (GenerationResult result in generator.Generate(Read(context.Input), context.Stop))
        {
            JsonElement line = _lines.Dequeue();
            JsonLine.Write(context.Output, json => Write(json, line, result));
        }
    }

    private IEnumerable<GenerationRequest> Read(TextReader input)
    {
        long number = 0;
        while (input.ReadLine() is { } text)
        {
            number++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            GenerationRequest request = Parse(text, number, out JsonElement line);
            _lines.Enqueue(line);
            yield return request;
        }
    }

    private GenerationRequest Parse(string text, long number, out JsonElement line)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            line = document.RootElement.Clone();
            if (line.ValueKind != JsonValueKind.Object)
                throw new FormatException("it is not an object");
            string prompt = Get(line, "prompt", JsonValueKind.String)?.GetString() ?? throw new FormatException("it has no \"prompt\"");
            string? condition = Get(line, "condition", JsonValueKind.String)?.GetString() ?? defaultCondition;
            return new GenerationRequest(
                prompt.AsMemory(),
                Key(line),
                Get(line, "temperature", JsonValueKind.Number)?.GetDouble(),
                Get(line, "max_length", JsonValueKind.Number)?.GetInt32(),
                ConditionNames.Find(conditions, condition),
                Get(line, "pattern", JsonValueKind.String)?.GetString());
        }
        catch (Exception e) when (e is JsonException or FormatException or UsageException or InvalidOperationException)
        {
            throw new FormatException($"Line {number} of the input is not as it should be: {e.Message.TrimEnd('.')}. "
                + "Each line is to be an object such as {\"key\": 17, \"prompt\": \"Dear \"}.", e);
        }
    }

    /// <summary>Whole numbers are keys as they are, as in ML.NET; any other key goes by its text. Lines without a key go by their prompt alone.</summary>
    private static ulong Key(JsonElement line)
    {
        if (!line.TryGetProperty("key", out JsonElement key) || key.ValueKind == JsonValueKind.Null)
            return 0;
        if (key.ValueKind == JsonValueKind.Number && key.TryGetUInt64(out ulong number))
            return number;
        if (key.ValueKind == JsonValueKind.Number && key.TryGetInt64(out long negative))
            return (ulong)negative;
        return RowKeyHash.Of(key.ValueKind == JsonValueKind.String ? key.GetString() : key.GetRawText());
    }

    private static JsonElement? Get(JsonElement line, string name, JsonValueKind kind)
    {
        if (!line.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == kind ? value : throw new FormatException($"its \"{name}\" is a {value.ValueKind.ToString().ToLowerInvariant()}, not a {kind.ToString().ToLowerInvariant()}");
    }

    private static void Write(Utf8JsonWriter json, JsonElement line, GenerationResult result)
    {
        foreach (JsonProperty property in line.EnumerateObject().Where(p => p.Name is not ("continuation" or "continuations" or "finish_reason")))
            property.WriteTo(json);
        if (result.Samples is [GeneratedText text])
        {
            json.WriteString("continuation", text.Text);
            json.WriteString("finish_reason", GeneratedJson.FinishReason(text));
            return;
        }

        json.WriteStartArray("continuations");
        foreach (GeneratedText sample in result.Samples)
            json.WriteStringValue(sample.Text);
        json.WriteEndArray();
    }
}
