using System.Text.Json;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Tasks;

/// <summary>Says of texts whether they are plausible.</summary>
/// <param name="model">The model, which it disposes of.</param>
/// <param name="detector">Its calibration.</param>
internal sealed class CheckTask(RnnLanguageModel model, AnomalyDetector detector) : RowTask<TextCheck>
{
    public override IReadOnlyList<string> Columns { get; } =
        ["p_value", "anomaly", "score", "nats_per_character", "position", "suggestion"];

    public override IReadOnlyList<string> Conditions => model.Conditions;

    public override bool NeedsTargets => model.Mode == DataMode.Pairs;

    public override void Dispose() => model.Dispose();

    protected override IEnumerable<(InputRow Row, TextCheck Result)> Answer(IReadOnlyList<InputRow> rows, CancellationToken stop) =>
        rows.Zip(detector.CheckAll(rows.Select(row => row.ToTextRow()), stop));

    protected override void Write(Utf8JsonWriter json, InputRow row, TextCheck result)
    {
        json.WriteNumber("p_value", result.PValue);
        json.WriteBoolean("anomaly", result.IsAnomaly);
        json.WriteFinite("score", result.Score);
        json.WriteFinite("nats_per_character", result.NatsPerCharacter);
        json.WriteNumber("position", result.LeastLikelyPosition);
        json.WriteString("suggestion", result.Suggestion);
    }

    protected override IEnumerable<string> Lines(InputRow row, TextCheck result)
    {
        string place = result.LeastLikelyPosition < 0 ? "" : FormattableString.Invariant($"{result.LeastLikelyPosition}");
        string suggestion = result.Suggestion is { } likelier ? likelier.Length > 0 ? $"'{likelier}'" : "end" : "";
        return [$"{SignificantDigits.Of(result.PValue)}\t{(result.IsAnomaly ? "anomaly" : "plausible")}\t"
            + $"{place}\t{CommandContext.OneLine(suggestion)}\t{CommandContext.OneLine(row.Target ?? row.Text)}"];
    }
}
