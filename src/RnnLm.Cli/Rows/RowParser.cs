using System.Text.Json;
using RnnLm.Cli.Models;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Rows;

/// <summary>Makes of what was read what a model is given.</summary>
/// <param name="options">The columns that were named.</param>
/// <param name="names">What the parts of a row are called.</param>
/// <param name="conditions">The conditions that the model knows.</param>
/// <param name="condition">The condition of rows that have none of their own, or null.</param>
/// <param name="context">The words of messages.</param>
internal sealed class RowParser(
    RowOptions options, RowNames names, IReadOnlyList<string> conditions, string? condition, CommandContext context)
{
    private static readonly JsonDocumentOptions NothingTwice = new() { AllowDuplicateProperties = false };

    private readonly HashSet<string> _conditions = conditions.ToHashSet(StringComparer.Ordinal);

    private string Example => $"Each line should be an object such as {{\"key\": 17, \"{TextName}\": \"Anna\"}}";

    /// <summary>Gets the name of the column with the text.</summary>
    public string TextName => options.TextColumn ?? names.Text[0];

    /// <summary>Understands a row.</summary>
    /// <exception cref="TextDataException">It is not as it should be; the message says where it stands.</exception>
    public InputRow Parse(RawRow raw)
    {
        if (raw.Problem is { } known)
            throw raw.Fault($"{known}.");
        InputRow row = raw.Layout.Format switch
        {
            InputFormat.Text => OfText(raw),
            InputFormat.Jsonl => OfJson(raw),
            _ => OfFields(raw),
        };
        return Check(row);
    }

    private InputRow OfText(RawRow raw)
    {
        string line = raw.Text!;
        if (raw.Layout.Names.Count == 1 || raw.IsTyped)
        {
            // A condition that is taken for text would be scored as text.
            int tab = _conditions.Count == 0 || raw.IsTyped ? -1 : line.IndexOf('\t', StringComparison.Ordinal);
            return tab <= 0 || !_conditions.Contains(line[..tab])
                ? new InputRow(raw) { Text = line, Condition = condition, Key = (ulong)raw.Number }
                : throw raw.Fault($"the line begins with '{line[..tab]}', a condition of the model, and a tab. Say --conditions, or it is "
                    + "taken for text.");
        }

        string[] parts = line.Split('\t', raw.Layout.Names.Count);
        if (parts.Length < raw.Layout.Names.Count)
            throw raw.Fault($"there should be {string.Join(", a tab, ", raw.Layout.Names)}, but there is no tab where it is needed.");
        return new InputRow(raw)
        {
            Text = parts[raw.Layout.Text],
            Target = raw.Layout.Target < 0 ? null : parts[raw.Layout.Target],
            Condition = raw.Layout.Condition < 0 ? condition : TextData.Category(parts[raw.Layout.Condition]) ?? condition,
            Key = (ulong)raw.Number,
        };
    }

    private InputRow OfFields(RawRow raw)
    {
        string[] fields = raw.Fields!;
        RowLayout layout = raw.Layout;
        string key = layout.Key < 0 ? "" : fields[layout.Key];
        return new InputRow(raw)
        {
            Text = fields[layout.Text],
            Target = layout.Target < 0 ? null : fields[layout.Target],
            Condition = layout.Condition < 0 ? condition : TextData.Category(fields[layout.Condition]) ?? condition,
            Key = key.Length == 0 ? (ulong)raw.Number : InputRow.KeyOf(JsonValueKind.Undefined, key),
        };
    }

    private InputRow OfJson(RawRow raw)
    {
        JsonElement line = Read(raw);
        string text = String(raw, line, options.TextColumn, names.Text)
            ?? throw Missing(raw, line, TextName, options.TextColumn, names.Text);
        string? target = names.Target is null ? null : String(raw, line, options.TargetColumn, names.Target)
            ?? throw Missing(raw, line, options.TargetColumn ?? names.Target[0], options.TargetColumn, names.Target,
                ", and the model was trained on pairs");
        JsonElement? key = Find(line, options.KeyColumn, RowNames.Key);
        return new InputRow(raw, line)
        {
            Text = text,
            Target = target,
            // An empty text is no condition, as in a table.
            Condition = String(raw, line, options.ConditionColumn, RowNames.Condition) is { } own && (own.Length > 0
                || _conditions.Contains(own)) ? own : condition,
            Key = key is not { } given ? (ulong)raw.Number : InputRow.KeyOf(given.ValueKind, given.ToString()),
        };
    }

    private JsonElement Read(RawRow raw)
    {
        JsonElement line;
        try
        {
            using var document = JsonDocument.Parse(raw.Text!, NothingTwice);
            line = document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw raw.Fault(JsonSyntax.Find(raw.Text!) is { } fault ? $"this is not JSON: {fault}." : $"{MemberTwice(raw.Text!)}.", e);
        }

        if (line.ValueKind != JsonValueKind.Object)
            throw raw.Fault($"this is not an object. {Example}.");
        // The parser passes over half of a surrogate pair, which can be an escape alone.
        if (raw.Text!.Contains("\\u", StringComparison.Ordinal) && JsonSyntax.Find(raw.Text) is { } half)
            throw raw.Fault($"this is not JSON: {half}.");
        return line;
    }

    /// <summary>Says which member a line has twice, since that is the one thing besides its syntax that the parser refuses.</summary>
    private static string MemberTwice(string text)
    {
        using var document = JsonDocument.Parse(text);
        string? name = document.RootElement.ValueKind != JsonValueKind.Object ? null : document.RootElement.EnumerateObject()
            .GroupBy(member => member.Name, StringComparer.Ordinal).FirstOrDefault(members => members.Count() > 1)?.Key;
        return (name is null ? "an object within it has two members of one name" : $"it has \"{name}\" twice")
            + ". Each member needs a name of its own";
    }

    private string? String(RawRow raw, JsonElement line, string? named, IReadOnlyList<string> usual) =>
        Find(line, named, usual) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw raw.Fault($"its \"{named ?? usual.First(name => line.TryGetProperty(name, out _))}\" is "
            + $"{InputRow.KindName(value.ValueKind)}, not a string. {Example}.");

    /// <summary>Says that a row lacks what it needs, or has null in its place.</summary>
    private TextDataException Missing(
        RawRow raw, JsonElement line, string wanted, string? named, IReadOnlyList<string> usual, string reason = "")
    {
        string? isNull = (named is null ? usual : [named]).FirstOrDefault(name => line.TryGetProperty(name, out _));
        return raw.Fault(isNull is null ? $"it has no \"{wanted}\"{reason}. {Example}."
            : $"its \"{isNull}\" is null, not a string{reason}. {Example}.");
    }

    private static JsonElement? Find(JsonElement line, string? named, IReadOnlyList<string> usual)
    {
        foreach (string name in named is null ? usual : [named])
        {
            if (line.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
                return value;
        }

        return null;
    }

    private InputRow Check(InputRow row)
    {
        if (row.Condition is null || _conditions.Contains(row.Condition))
            return row;
        try
        {
            ConditionNames.Find(conditions, row.Condition);
            return row;
        }
        catch (UsageException e) when (!row.IsTyped)
        {
            throw row.Fault(context.Describe(e), e);
        }
    }
}
