using System.Text.Json;
using RnnLm.Cli.Models;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.Generation;

namespace RnnLm.Cli.Tasks;

/// <summary>
/// Continues texts. With a seed, what is written for a row depends on the seed, its key or number, its text and its settings alone.
/// </summary>
/// <param name="model">The model, which it disposes of.</param>
/// <param name="options">How text is drawn.</param>
/// <param name="lanes">The number of texts side by side.</param>
/// <param name="withPrompt">Whether a line for people begins with the prompt.</param>
internal sealed class SampleTask(RnnLanguageModel model, SamplingOptions options, int lanes, bool withPrompt)
    : RowTask<(GeneratedText Text, int Sample, int Unknown)>
{
    private const string Temperature = "temperature", MaxLength = "max_length", Pattern = "pattern";

    private readonly TextGenerator _generator = new(model.Loaded.LanguageModel, model.Loaded.Framing, options, lanes);
    private long _count, _known;

    public override IReadOnlyList<string> Columns { get; } =
    [
        "continuation", "finish_reason", "length", "log_probability",
        .. model.TrainingText is null ? [] : (string[])["in_training_text"],
        .. options.NumSamples == 1 ? [] : (string[])["sample"],
    ];

    public override IReadOnlyList<string> Conditions => model.Conditions;

    public override IReadOnlyDictionary<OptionId, string> OwnOptions { get; } = new Dictionary<OptionId, string>
    {
        [new("Sampling", nameof(SamplingOptions.Temperature))] = Temperature,
        [new("Sampling", nameof(SamplingOptions.MaxLength))] = MaxLength,
        [new("Sampling", nameof(SamplingOptions.Pattern))] = Pattern,
    };

    public override bool IsRandom => options.Seed is null;

    public override int MostRows => 4 * lanes;

    public override string? Conclusion => model.TrainingText is null ? null
        : FormattableString.Invariant($"In the training text, word for word: {_known:N0} of {Counted.Of(_count, "text")}.");

    public override void Dispose() => model.Dispose();

    protected override IEnumerable<(InputRow Row, (GeneratedText Text, int Sample, int Unknown) Result)> Answer(
        IReadOnlyList<InputRow> rows, CancellationToken stop) =>
        rows.Zip(_generator.Generate(rows.Select(Request), stop)).SelectMany(pair => pair.Second.Samples.Select((text, sample) =>
            (pair.First, (text, sample, sample == 0 ? pair.Second.UnknownCharacters : 0))));

    protected override void Write(Utf8JsonWriter json, InputRow row, (GeneratedText Text, int Sample, int Unknown) result)
    {
        json.WriteString("continuation", result.Text.Text);
        json.WriteString("finish_reason", JsonNamingPolicy.SnakeCaseLower.ConvertName(result.Text.FinishReason.ToString()));
        json.WriteNumber("length", result.Text.Length);
        json.WriteFinite("log_probability", result.Text.LogProbability);
        if (IsKnown(row, result.Text) is { } isKnown)
            json.WriteBoolean("in_training_text", isKnown);
        if (options.NumSamples > 1)
            json.WriteNumber("sample", result.Sample);
    }

    protected override IEnumerable<string> Lines(InputRow row, (GeneratedText Text, int Sample, int Unknown) result)
    {
        if (IsKnown(row, result.Text) is { } isKnown)
        {
            Interlocked.Increment(ref _count);
            Interlocked.Add(ref _known, isKnown ? 1 : 0);
        }

        return [(withPrompt ? row.Text : "") + result.Text.Text];
    }

    protected override IEnumerable<string> Remarks(InputRow row, (GeneratedText Text, int Sample, int Unknown) result) =>
        result.Unknown == 0 ? []
            : [$"unknown to the model: {Counted.Of(result.Unknown, "character")} of the prompt {CommandContext.Quote(row.Text)}."];

    private bool? IsKnown(InputRow row, GeneratedText text) => model.TrainingText?.Contains(text.Text, row.Text);

    private GenerationRequest Request(InputRow row)
    {
        double? temperature = row.OwnNumber(Temperature, out string given);
        if (temperature is { } t && !(t >= 0 && double.IsFinite(t)))
            throw row.Fault($"its \"{Temperature}\" must be a finite number of at least 0, but is {given}.");
        double? length = row.OwnNumber(MaxLength, out given);
        if (length is { } l && !(l >= 0 && l <= options.MaxLengthLimit && l == Math.Floor(l)))
        {
            throw row.Fault($"its \"{MaxLength}\" must be a whole number from 0 to {OptionIds.MaxLengthLimit}, which is "
                + $"{options.MaxLengthLimit}, but is {given}.");
        }

        return new(row.Text.AsMemory(), row.Key, temperature, (int?)length, ConditionNames.Find(model.Conditions, row.Condition),
            row.OwnText(Pattern), IsKnownByKey: false);
    }
}
