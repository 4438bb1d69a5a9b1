using System.Text.Json;
using RnnLm.Lanes;
using RnnLm.ModelFiles;
using RnnLm.Modeling;

namespace RnnLm.Onnx.Models;

/// <summary>What a program needs to know of a model beside its graph: how text becomes ids, and what frames it. A table of texts; lists and
/// numbers are in JSON.</summary>
internal static class GraphMetadata
{
    /// <summary>Lists keys and values.</summary>
    /// <param name="model">The model.</param>
    /// <param name="kind">What the graph gives.</param>
    /// <param name="graph">What the graph reads.</param>
    public static IEnumerable<KeyValuePair<string, string>> Of(SavedModel model, string kind, OnnxGraph graph)
    {
        yield return new("rnnlm.version", SavedModelReader.Producer);
        yield return new("rnnlm.kind", kind);
        yield return new("rnnlm.graph", graph.ToString().ToLowerInvariant());
        yield return new("rnnlm.characters", string.Concat(model.Vocabulary.Characters));
        yield return new("rnnlm.first_character_id", Json(model.Vocabulary.SpecialTokens));
        yield return new("rnnlm.unknown_characters", model.Vocabulary.UnknownCharacters.ToString().ToLowerInvariant());
        if (model.Vocabulary.UnknownId is { } unknown)
            yield return new("rnnlm.unknown_id", Json(unknown));
        if (model.Config.Task == ModelTask.Classification)
        {
            yield return new("rnnlm.labels", Json(model.Classes));
            yield return new("rnnlm.max_row_length", Json(model.MaxRowLength));
            yield break;
        }

        var framing = new TextFraming(model.Vocabulary, model.DataMode, model.RowSeparator);
        yield return new("rnnlm.mode", model.DataMode.ToString().ToLowerInvariant());
        yield return new("rnnlm.before_prompt", Json(framing.BeforePrompt));
        yield return new("rnnlm.in_place_of_prompt", Json(framing.Opening));
        yield return new("rnnlm.after_prompt", Json(framing.AfterPrompt));
        if (model.Vocabulary.StartId is { } start)
            yield return new("rnnlm.start_id", Json(start));
        if (framing.EndId is { } end)
            yield return new("rnnlm.end_id", Json(end));
        if (model.Config.Conditions > 0)
            yield return new("rnnlm.conditions", Json(model.Conditions));
    }

    private static string Json(int value) => value.ToString();

    private static string Json(IEnumerable<int> values) => $"[{string.Join(", ", values)}]";

    private static string Json(IReadOnlyList<string> values) => JsonSerializer.Serialize(values, JsonSerializerOptions.Web);
}
