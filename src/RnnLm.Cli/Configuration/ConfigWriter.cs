using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;

namespace RnnLm.Cli.Configuration;

/// <summary>Writes configurations.</summary>
internal static class ConfigWriter
{
    /// <summary>How JSON is written: characters stand for themselves.</summary>
    public static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What is set as often as not; the rest stands in comments.
    private static readonly string[] Usual =
    [
        nameof(SourceOptions.Files),
        nameof(LanguageModelDataOptions.Mode), nameof(DataOptions.BatchSize), nameof(LanguageModelDataOptions.SequenceLength),
        nameof(ModelOptions.Cell), nameof(ModelOptions.HiddenSize), nameof(ModelOptions.Layers), nameof(ModelOptions.EmbeddingSize),
        nameof(OptimizerOptions.Kind), nameof(OptimizerOptions.LearningRate), nameof(OptimizerOptions.Schedule),
        nameof(TrainingOptions.ValidationFraction), nameof(DeviceOptions.Device), nameof(SamplingOptions.Temperature),
            nameof(SamplingOptions.MaxLength),
    ];

    /// <summary>
    /// Writes a file for people: each option of the task with what it is. Those at their defaults are in comments, to be taken out of them.
    /// </summary>
    public static string ToText(TrainingConfig config, string schema)
    {
        var text = new StringBuilder($$"""
            // What 'rnnlm train' trains a model by. Files are named from the folder of this file.
            // A line that begins with // shows a default: take the // away to set another.
            {
              "$schema": {{JsonSerializer.Serialize(schema, Format)}},

            """.ReplaceLineEndings("\n"));
        var defaults = new TrainingConfig();
        foreach (OptionEntry entry in new TrainingOptionGroups().Entries)
            Append(entry, config, defaults, "  ");
        foreach (ConfigSection section in new TrainingOptionGroups().Sections)
        {
            OptionEntry[] own = [.. section.Group.Entries.Where(entry => config.Kind.OwnerOf(entry) is null)];
            if (own.Length == 0)
                continue;
            text.Append($"\n  // {Sentence(section.Description)}\n  \"{section.Name}\": {{\n");
            foreach (OptionEntry entry in own)
                Append(entry, section.Target(config), section.Target(defaults), "    ");
            text.Append("  },\n");
        }

        return text.Append("}\n").ToString();

        void Append(OptionEntry entry, object target, object defaults, string indent)
        {
            bool isSet = IsSet(entry, target, defaults) || Usual.Contains(entry.Property.Name, StringComparer.Ordinal);
            text.Append($"{indent}{(isSet ? "" : "// ")}\"{entry.Key}\": {Json(entry, target)}, // {entry.Description}\n");
        }
    }

    /// <summary>Writes one line with what is not at its default.</summary>
    public static string ToLine(TrainingConfig config)
    {
        var defaults = new TrainingConfig();
        JsonObject document = Changed(new TrainingOptionGroups().Entries, config, defaults);
        foreach (ConfigSection section in new TrainingOptionGroups().Sections)
        {
            if (Changed(section.Group.Entries, section.Target(config), section.Target(defaults)) is { Count: > 0 } changed)
                document.Add(section.Name, changed);
        }

        return document.ToJsonString(Format);
    }

    private static JsonObject Changed(IEnumerable<OptionEntry> entries, object target, object defaults) =>
        new(entries.Where(e => IsSet(e, target, defaults))
        .Select(e => KeyValuePair.Create(e.Key, ConfigSchema.Value(e.Property.GetValue(target)))));

    /// <summary>Tells what is to be written. The bounds of training are one thing: where one of them is, those that are not do not
    /// count.</summary>
    private static bool IsSet(OptionEntry entry, object target, object defaults) =>
        Json(entry, target) != Json(entry, defaults)
        || (entry.Property.Name == nameof(TrainingOptions.Epochs) && ((TrainingOptions)target).Epochs > 0);

    private static string Json(OptionEntry entry, object target) =>
        ConfigSchema.Value(entry.Property.GetValue(target))?.ToJsonString(Format) ?? "null";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..] + ".";
}
