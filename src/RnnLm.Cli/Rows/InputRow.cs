using System.Globalization;
using System.Text.Json;
using RnnLm.Diagnostics;
using RnnLm.Numerics;

namespace RnnLm.Cli.Rows;

/// <summary>A row that is understood: its text and what goes with it, and all its columns as they came.</summary>
internal sealed class InputRow
{
    private readonly RawRow _raw;
    private readonly JsonElement _json;   // of a line of JSON

    public InputRow(RawRow raw, JsonElement json = default) => (_raw, _json) = (raw, json);

    /// <summary>Gets the number of the row in the whole input, from 0.</summary>
    public long Number => _raw.Number;

    /// <summary>Gets the text; of pairs, the input.</summary>
    public required string Text { get; init; }

    /// <summary>Gets the target of a pair, or null.</summary>
    public string? Target { get; init; }

    /// <summary>Gets the condition, or null.</summary>
    public string? Condition { get; init; }

    /// <summary>Gets what random numbers go by: the key, or the number of the row.</summary>
    public ulong Key { get; init; }

    /// <summary>Gets whether it is a text of the command line.</summary>
    public bool IsTyped => _raw.IsTyped;

    /// <summary>Gets the names of the columns.</summary>
    public IEnumerable<string> Names => _json.ValueKind == JsonValueKind.Object ? _json.EnumerateObject().Select(member => member.Name)
        : _raw.Layout.Names;

    /// <summary>Returns the row as a model is given it.</summary>
    public TextRow ToTextRow() => Target is null ? TextRow.Row(Text, Condition) : TextRow.Pair(Text, Target, Condition);

    /// <summary>Returns a number of the row's own; null where it has none.</summary>
    /// <param name="name">The name of its column.</param>
    /// <param name="given">What stands there.</param>
    /// <exception cref="TextDataException">It is no number.</exception>
    public double? OwnNumber(string name, out string given)
    {
        given = "";
        if (Find(name) is not { } field)
            return null;
        given = field.Text;
        if (field.Kind is JsonValueKind.Number or JsonValueKind.Undefined
            && double.TryParse(field.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            return number;
        throw Fault($"its \"{name}\" is {(field.Kind == JsonValueKind.Undefined ? $"'{field.Text}'" : KindName(field.Kind))}, not a "
            + "number.");
    }

    /// <summary>Returns a text of the row's own; null where it has none.</summary>
    /// <exception cref="TextDataException">It is no text.</exception>
    public string? OwnText(string name) => Find(name) is not { } field ? null
        : field.Kind is JsonValueKind.String or JsonValueKind.Undefined ? field.Text
        : throw Fault($"its \"{name}\" is {KindName(field.Kind)}, not a string.");

    /// <summary>Tells whether the row has something in a column.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <inheritdoc cref="RawRow.Fault(OptionMessage, Exception?)"/>
    public TextDataException Fault(OptionMessage problem, Exception? cause = null) => _raw.Fault(problem, cause);

    /// <inheritdoc cref="RawRow.Fault(TextDataException)"/>
    public TextDataException Fault(TextDataException fault) => _raw.Fault(fault);

    /// <summary>Writes the columns of the row, but for some.</summary>
    public void CopyTo(Utf8JsonWriter json, IReadOnlyList<string> without)
    {
        if (_json.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in _json.EnumerateObject())
            {
                if (!without.Contains(member.Name, StringComparer.Ordinal))
                    member.WriteTo(json);
            }

            return;
        }

        for (int i = 0; i < _raw.Layout.Names.Count; i++)
        {
            if (!without.Contains(_raw.Layout.Names[i], StringComparer.Ordinal))
                json.WriteString(_raw.Layout.Names[i], _raw.Fields is { } fields ? fields[i] : i == _raw.Layout.Text ? Text
                    : i == _raw.Layout.Condition ? Condition : Target);
        }
    }

    /// <summary>Whole numbers are keys as they are, as in ML.NET; other keys go by their text.</summary>
    public static ulong KeyOf(JsonValueKind kind, string text)
    {
        if (kind != JsonValueKind.String && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong whole))
            return whole;
        if (kind != JsonValueKind.String
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long negative))
            return (ulong)negative;
        return RowKeyHash.Of(text);
    }

    /// <summary>Returns what a value of JSON is called in messages, with its article.</summary>
    public static string KindName(JsonValueKind kind) => kind switch
    {
        JsonValueKind.True or JsonValueKind.False => "a Boolean",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => $"a {kind.ToString().ToLowerInvariant()}",
    };

    /// <summary>Returns what stands in a column, and its kind in JSON, which a table does not have; null where nothing does.</summary>
    private (JsonValueKind Kind, string Text)? Find(string name)
    {
        if (_json.ValueKind == JsonValueKind.Object)
        {
            return !_json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
                : (value.ValueKind, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
        }

        int column = _raw.Fields is null ? -1 : RowNames.Find(_raw.Layout.Names, [name]);
        return column < 0 || _raw.Fields![column].Length == 0 ? null : (JsonValueKind.Undefined, _raw.Fields[column]);
    }
}
