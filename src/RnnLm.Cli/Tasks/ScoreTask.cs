using System.Text.Json;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Terminal;
using RnnLm.LanguageModels;
using RnnLm.Scoring;

namespace RnnLm.Cli.Tasks;

/// <summary>Says how usual texts are.</summary>
/// <param name="model">The model, which it disposes of.</param>
/// <param name="lanes">The number of texts side by side.</param>
/// <param name="perCharacter">Whether the figures of each character are told too.</param>
internal sealed class ScoreTask(RnnLanguageModel model, int lanes, bool perCharacter) : RowTask<TextScore>
{
    private static readonly string[] Sums = ["log_probability", "characters", "unknown_characters", "bits_per_character", "perplexity"];

    private readonly TextScorer _scorer = new(model.Loaded.LanguageModel, model.Loaded.Framing, lanes, perCharacter);

    public override IReadOnlyList<string> Columns { get; } = perCharacter ? [.. Sums, "positions", "log_probabilities"] : Sums;

    public override IReadOnlyList<string> Conditions => model.Conditions;

    public override bool NeedsTargets => model.Mode == DataMode.Pairs;

    public override void Dispose() => model.Dispose();

    protected override IEnumerable<(InputRow Row, TextScore Result)> Answer(IReadOnlyList<InputRow> rows, CancellationToken stop)
    {
        IEnumerable<ScoreRequest> requests = new ScoredRows(model.Saved, model.KnownConditions).Each(rows.Select(row => row.ToTextRow()));
        return rows.Zip(_scorer.Score(requests, stop));
    }

    protected override void Write(Utf8JsonWriter json, InputRow row, TextScore result)
    {
        json.WriteNumber("log_probability", result.LogProbability);
        json.WriteNumber("characters", result.Count);
        json.WriteNumber("unknown_characters", result.UnknownCharacters);
        json.WriteFinite("bits_per_character", result.BitsPerCharacter);
        json.WriteFinite("perplexity", result.Perplexity);
        if (!perCharacter)
            return;
        json.WriteStartArray("positions");
        foreach (int position in result.CharacterPositions)
            json.WriteNumberValue(position);
        json.WriteEndArray();
        json.WriteStartArray("log_probabilities");
        foreach (float logProbability in result.CharacterLogProbabilities)
            json.WriteNumberValue(logProbability);
        json.WriteEndArray();
    }

    protected override IEnumerable<string> Lines(InputRow row, TextScore result)
    {
        string text = CommandContext.OneLine(row.Target ?? row.Text);
        yield return FormattableString.Invariant($"{result.BitsPerCharacter:F4}\t{result.Perplexity:F4}\t{result.LogProbability:F4}\t")
            + FormattableString.Invariant($"{result.Count}\t{text}");
        if (!perCharacter)
            yield break;
        string scored = row.Target ?? row.Text;
        for (int i = 0; i < result.CharacterPositions.Count; i++)
        {
            int at = result.CharacterPositions[i];
            string character = at >= scored.Length ? "end"
                : $"'{CommandContext.OneLine(scored[at..(at + (char.IsHighSurrogate(scored[at]) ? 2 : 1))])}'";
            yield return FormattableString.Invariant($"\t{at}\t{result.CharacterLogProbabilities[i]:F4}\t{character}");
        }
    }
}
