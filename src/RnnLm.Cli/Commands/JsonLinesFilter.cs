using System.Text.Json;
using RnnLm.Cli.Models;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.Generation;
using RnnLm.Numerics;

namespace RnnLm.Cli.Commands;

/// <summary>
/// Reads lines of JSON and writes them with continuations added. With a seed, what is written for a line depends on the seed, its key,
/// prompt and settings alone; so the input may be divided among processes or machines in any way, and gives the same lines.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="generator">What writes.</param>
/// <param name="maxLengthLimit">The highest length that a line may ask for.</param>
/// <param name="defaultCondition">The condition of lines that name none, or null.</param>
internal sealed class JsonLinesFilter(RnnLanguageModel model, TextGenerator generator, int maxLengthLimit, string? defaultCondition)
{
    private const string Example = "Each line is to be an object such as {\"key\": 17, \"prompt\": \"Dear \"}.";

    // Members of a line that were written by an earlier run.
    private static readonly string[] Written = ["continuation", "continuations", "finish_reason", "in_training_text"];

    private readonly Queue<(JsonElement Line, string Prompt)> _lines = [];
    private long _number;

    public void Run(CommandContext context)
    {
        IEnumerable<GenerationRequest> requests = InputLines.Read(context.Input)
            .Where(line => !string.IsNullOrWhiteSpace(line.Text)).Select(line => Parse(line.Text, line.Number));
        try
        {
            foreach (GenerationResult result in generator.Generate(requests, context.Stop))
            {
                (JsonElement line, string prompt) = _lines.Dequeue();
                JsonLine.Write(context.Output, json => Write(json, line, prompt, result));
            }
        }
        catch (ArgumentException e)
        {
            // A request is checked as soon as it is read.
            throw new TextDataException(context.Describe(e), InputLines.Name, _number, e);
        }
    }

    private GenerationRequest Parse(string text, long number)
    {
        _number = number;
        JsonElement line = Element(text, number);
        string prompt = Text("prompt") ?? throw Fault("it has no \"prompt\"");
        double? temperature = Get("temperature", JsonValueKind.Number)?.GetDouble();
        if (temperature is { } t && !(t >= 0 && double.IsFinite(t)))
        {
            string raw = line.GetProperty("temperature").GetRawText();
            throw Fault($"its \"temperature\" must be a finite number of at least 0, but is {raw}");
        }

        int maxLength = 0;
        JsonElement? length = Get("max_length", JsonValueKind.Number);
        if (length is { } given && !(given.TryGetInt32(out maxLength) && maxLength >= 0 && maxLength <= maxLengthLimit))
        {
            throw Fault($"its \"max_length\" must be a whole number from 0 to {OptionIds.MaxLengthLimit}, which is {maxLengthLimit}, "
                + $"but is {given.GetRawText()}");
        }

        int? ownLength = length is null ? null : maxLength;
        var request = new GenerationRequest(
            prompt.AsMemory(), Key(), temperature, ownLength, Condition(), Text("pattern"), IsKnownByKey: false);
        _lines.Enqueue((line, prompt));
        return request;

        TextDataException Fault(OptionMessage problem) => new($"{problem}. {Example}", InputLines.Name, number);

        string? Text(string name) => Get(name, JsonValueKind.String)?.GetString();

        JsonElement? Get(string name, JsonValueKind kind)
        {
            if (!line.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
                return null;
            return value.ValueKind == kind ? value : throw Fault($"its \"{name}\" is a {Name(value.ValueKind)}, not a {Name(kind)}");
        }

        int Condition()
        {
            try
            {
                return ConditionNames.Find(model.Conditions, Text("condition") ?? defaultCondition);
            }
            catch (UsageException e)
            {
                throw new TextDataException(e.Message, InputLines.Name, number, e);
            }
        }

        // Whole numbers are keys as they are, as in ML.NET; any other key goes by its text. Lines without a key go by their prompt alone.
        ulong Key()
        {
            if (!line.TryGetProperty("key", out JsonElement key) || key.ValueKind == JsonValueKind.Null)
                return 0;
            if (key.ValueKind == JsonValueKind.Number && key.TryGetUInt64(out ulong whole))
                return whole;
            if (key.ValueKind == JsonValueKind.Number && key.TryGetInt64(out long negative))
                return (ulong)negative;
            return RowKeyHash.Of(key.ValueKind == JsonValueKind.String ? key.GetString() : key.GetRawText());
        }
    }

    /// <summary>Reads a line as an object, all of whose texts can be read and written.</summary>
    private static JsonElement Element(string text, long number)
    {
        JsonElement line;
        try
        {
            using var document = JsonDocument.Parse(text);
            line = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new TextDataException($"this is not JSON: {JsonFault.Describe(e).TrimEnd('.')}. {Example}", InputLines.Name, number, e);
        }

        if (line.ValueKind != JsonValueKind.Object)
            throw new TextDataException($"this is not an object. {Example}", InputLines.Name, number);
        try
        {
            // Half of a surrogate pair may be escaped in JSON, but is no text.
            if (text.Contains("\\u", StringComparison.Ordinal))
                JsonLine.Write(TextWriter.Null, json => line.EnumerateObject().ToList().ForEach(property => property.WriteTo(json)));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new TextDataException(
                "an escape \\u stands for half of a surrogate pair without the other half, which is no character.", InputLines.Name, number,
                e);
        }

        return line;
    }

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.True or JsonValueKind.False => "Boolean",
        JsonValueKind.Array => "list",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private void Write(Utf8JsonWriter json, JsonElement line, string prompt, GenerationResult result)
    {
        foreach (JsonProperty property in line.EnumerateObject().Where(property => !Written.Contains(property.Name)))
            property.WriteTo(json);
        if (result.Samples is [GeneratedText text])
        {
            json.WriteString("continuation", text.Text);
            json.WriteString("finish_reason", GeneratedJson.FinishReason(text));
            if (model.TrainingText is { } filter)
                json.WriteBoolean("in_training_text", filter.Contains(text.Text, prompt));
            return;
        }

        json.WriteStartArray("continuations");
        foreach (GeneratedText sample in result.Samples)
            json.WriteStringValue(sample.Text);
        json.WriteEndArray();
        if (model.TrainingText is not { } known)
            return;
        json.WriteStartArray("in_training_text");
        foreach (GeneratedText sample in result.Samples)
            json.WriteBooleanValue(known.Contains(sample.Text, prompt));
        json.WriteEndArray();
    }
}
