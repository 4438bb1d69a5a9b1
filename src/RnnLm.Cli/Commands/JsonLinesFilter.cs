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

    private readonly Queue<(JsonInputLine Line, string Prompt)> _lines = [];
    private long _number;

    public void Run(CommandContext context)
    {
        IEnumerable<GenerationRequest> requests = InputLines.Read(context.Input)
            .Where(line => !string.IsNullOrWhiteSpace(line.Text)).Select(line => Parse(line.Text, line.Number, context));
        try
        {
            foreach (GenerationResult result in generator.Generate(requests, context.Stop))
            {
                (JsonInputLine line, string prompt) = _lines.Dequeue();
                JsonLine.Write(context.Output, json => Write(json, line, prompt, result));
            }
        }
        catch (ArgumentException e)
        {
            // A request is checked as soon as it is read.
            throw new TextDataException(context.Describe(e), InputLines.Name, _number, e);
        }
    }

    private GenerationRequest Parse(string text, long number, CommandContext context)
    {
        _number = number;
        JsonInputLine line = JsonInputLine.Parse(text, number, Example);
        string prompt = line.Text("prompt") ?? throw line.Fault("it has no \"prompt\"");
        double? temperature = line.Get("temperature", JsonValueKind.Number)?.GetDouble();
        if (temperature is { } t && !(t >= 0 && double.IsFinite(t)))
        {
            string raw = line.Element.GetProperty("temperature").GetRawText();
            throw line.Fault($"its \"temperature\" must be a finite number of at least 0, but is {raw}");
        }

        int maxLength = 0;
        JsonElement? length = line.Get("max_length", JsonValueKind.Number);
        if (length is { } given && !(given.TryGetInt32(out maxLength) && maxLength >= 0 && maxLength <= maxLengthLimit))
        {
            throw line.Fault($"its \"max_length\" must be a whole number from 0 to {OptionIds.MaxLengthLimit}, which is {maxLengthLimit}, "
                + $"but is {given.GetRawText()}");
        }

        int? ownLength = length is null ? null : maxLength;
        int condition = line.Explain(context, () => ConditionNames.Find(model.Conditions, line.Text("condition") ?? defaultCondition));
        var request = new GenerationRequest(
            prompt.AsMemory(), Key(line.Element), temperature, ownLength, condition, line.Text("pattern"), IsKnownByKey: false);
        _lines.Enqueue((line, prompt));
        return request;
    }

    /// <summary>
    /// Whole numbers are keys as they are, as in ML.NET; any other key goes by its text. Lines without a key go by their prompt alone.
    /// </summary>
    private static ulong Key(JsonElement line)
    {
        if (!line.TryGetProperty("key", out JsonElement key) || key.ValueKind == JsonValueKind.Null)
            return 0;
        if (key.ValueKind == JsonValueKind.Number && key.TryGetUInt64(out ulong whole))
            return whole;
        if (key.ValueKind == JsonValueKind.Number && key.TryGetInt64(out long negative))
            return (ulong)negative;
        return RowKeyHash.Of(key.ValueKind == JsonValueKind.String ? key.GetString() : key.GetRawText());
    }

    private void Write(Utf8JsonWriter json, JsonInputLine line, string prompt, GenerationResult result)
    {
        line.CopyTo(json, Written);
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
