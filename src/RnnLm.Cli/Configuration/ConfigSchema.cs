using System.Text.Json;
using System.Text.Json.Nodes;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Configuration;

/// <summary>The JSON schema of configurations, by which editors complete and check them. It is made from the options themselves.</summary>
internal static class ConfigSchema
{
    public const string FileName = "rnnlm.schema.json";

    private const string Title = "rnnlm training configuration";

    private static readonly JsonSerializerOptions Format =
        new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the schema.</summary>
    public static string Create()
    {
        var defaults = new TrainingConfig();
        var properties = new JsonObject { ["$schema"] = new JsonObject { ["type"] = "string" } };
        foreach (OptionEntry entry in new TrainingOptionGroups().Entries)
            properties.Add(entry.Key, Of(entry, defaults));
        foreach (ConfigSection section in new TrainingOptionGroups().Sections)
        {
            object target = section.Target(defaults);
            properties.Add(section.Name,
                Object(section.Description, new(section.Group.Entries.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)Of(e, target))))));
        }

        JsonObject schema = Object("What 'rnnlm train' trains a character language model by. Files are named from the folder of this file.",
            properties);
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", Title);
        // Known to editors that are VS Code or like it.
        (schema["allowComments"], schema["allowTrailingCommas"]) = (true, true);
        return schema.ToJsonString(Format) + "\n";
    }

    /// <summary>Tells whether a file is such a schema, of this version or of another.</summary>
    public static bool IsIn(string path) =>
        File.Exists(path) && File.ReadAllText(path).Contains($"\"title\": \"{Title}\"", StringComparison.Ordinal);

    /// <summary>Says in words what the values of an entry are.</summary>
    public static string Describe(OptionEntry entry) => (entry.Type switch
    {
        { IsEnum: true } => "one of " + string.Join(", ", Names(entry.Type).Select(name => $"\"{name}\"")),
        var type when type == typeof(bool) => "true or false",
        var type when type == typeof(double) => "a number",
        var type when type == typeof(string) => "text",
        var type when type == typeof(IReadOnlyList<string>) => "a list of texts",
        _ => "a whole number",
    }) + (entry.AllowsNull ? ", or null" : "");

    /// <summary>Returns a value of an entry in JSON.</summary>
    public static JsonNode? Value(object? value) => value switch
    {
        null => null,
        Enum name => OptionName.KeyOf(name.ToString()),
        IEnumerable<string> texts => new JsonArray([.. texts.Select(text => JsonValue.Create(text))]),
        _ => JsonSerializer.SerializeToNode(value),
    };

    private static JsonObject Object(string description, JsonObject properties) => new()
    {
        ["description"] = description,
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = properties,
    };

    private static JsonObject Of(OptionEntry entry, object target)
    {
        var schema = new JsonObject { ["description"] = entry.Description };
        if (entry.Type.IsEnum)
        {
            JsonNode?[] names = [.. Names(entry.Type).Select(name => JsonValue.Create(name)),
                .. entry.AllowsNull ? (JsonNode?[])[null] : []];
            schema["enum"] = new JsonArray(names);
        }
        else if (entry.Type == typeof(IReadOnlyList<string>))
        {
            (schema["type"], schema["items"]) = (new JsonArray("array", "string"), new JsonObject { ["type"] = "string" });
        }
        else
        {
            string type = entry.Type == typeof(bool) ? "boolean" : entry.Type == typeof(string) ? "string" : entry.Type == typeof(double)
                ? "number"
                : "integer";
            schema["type"] = entry.AllowsNull ? new JsonArray(type, "null") : type;
        }

        schema["default"] = Value(entry.Property.GetValue(target));
        return schema;
    }

    private static string[] Names(Type type) => [.. Enum.GetNames(type).Select(OptionName.KeyOf)];
}
