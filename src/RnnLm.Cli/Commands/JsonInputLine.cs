using System.Text.Json;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Commands;

/// <summary>A line of JSON of the standard input: an object, all of whose texts can be read and written.</summary>
internal sealed class JsonInputLine
{
    private readonly long _number;
    private readonly string _example;

    private JsonInputLine(JsonElement element, long number, string example) => (Element, _number, _example) = (element, number, example);

    public JsonElement Element { get; }

    /// <summary>Reads a line.</summary>
    /// <param name="text">The line.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="example">What a message says of how it should be.</param>
    /// <exception cref="TextDataException">It is no such object.</exception>
    public static JsonInputLine Parse(string text, long number, string example)
    {
        JsonElement line;
        try
        {
            using var document = JsonDocument.Parse(text);
            line = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new TextDataException($"this is not JSON: {JsonFault.Describe(e).TrimEnd('.')}. {example}", InputLines.Name, number, e);
        }

        if (line.ValueKind != JsonValueKind.Object)
            throw new TextDataException($"this is not an object. {example}", InputLines.Name, number);
        try
        {
            // Half of a surrogate pair may be escaped in JSON, but is no text.
            if (text.Contains("\\u", StringComparison.Ordinal))
                JsonLine.Write(TextWriter.Null, json => line.EnumerateObject().ToList().ForEach(property => property.WriteTo(json)));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new TextDataException(
                "an escape \\u stands for half of a surrogate pair without the other half, which is no character.",
                InputLines.Name, number, e);
        }

        return new JsonInputLine(line, number, example);
    }

    /// <summary>Returns what says what is wrong with the line.</summary>
    public TextDataException Fault(OptionMessage problem) => new($"{problem}. {_example}", InputLines.Name, _number);

    /// <summary>Returns a text of the line, or null.</summary>
    /// <exception cref="TextDataException">It is something else.</exception>
    public string? Text(string name) => Get(name, JsonValueKind.String)?.GetString();

    /// <summary>Returns a value of the line, or null.</summary>
    /// <exception cref="TextDataException">It is of another kind.</exception>
    public JsonElement? Get(string name, JsonValueKind kind)
    {
        if (!Element.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == kind ? value : throw Fault($"its \"{name}\" is a {Name(value.ValueKind)}, not a {Name(kind)}");
    }

    /// <summary>Does what the line asks for, and says of which line it is where that is refused.</summary>
    /// <exception cref="TextDataException">It was refused.</exception>
    public T Explain<T>(CommandContext context, Func<T> answer)
    {
        try
        {
            return answer();
        }
        catch (Exception e) when (e is UsageException or ArgumentException)
        {
            throw new TextDataException(context.Describe(e), InputLines.Name, _number, e);
        }
    }

    /// <summary>Writes the members of the line, but for some.</summary>
    public void CopyTo(Utf8JsonWriter json, params string[] without)
    {
        foreach (JsonProperty property in Element.EnumerateObject())
        {
            if (!without.Contains(property.Name, StringComparer.Ordinal))
                property.WriteTo(json);
        }
    }

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.True or JsonValueKind.False => "Boolean",
        JsonValueKind.Array => "list",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
