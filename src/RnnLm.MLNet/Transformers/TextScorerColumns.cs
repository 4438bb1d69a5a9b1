using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of a scorer in a pipeline. Kept in the model file by the names below, of which none changes.</summary>
internal sealed record TextScorerColumns(string Input)
{
    public string? Context { get; init; }

    public string? Condition { get; init; }

    public string? LogProbability { get; init; }

    public string? NatsPerCharacter { get; init; }

    public string? Perplexity { get; init; }

    public string? LeastLikelyPosition { get; init; }

    public string? CharacterCount { get; init; }

    public string? UnknownShare { get; init; }

    public InputColumnNames ToScore => new(InputColumn.Text(Input))
    {
        Context = Context is null ? null : InputColumn.Text(Context, "context"),
        Condition = Condition is null ? null : InputColumn.Category(Condition, "condition"),
    };

    /// <summary>Gets the columns that are added, each with what it shows of a score.</summary>
    public IReadOnlyList<(DataViewSchema.DetachedColumn Column, Func<Func<TextScore>, Delegate> Getter)> Added => [.. new[]
    {
        Single(LogProbability, score => score.LogProbability),
        Single(NatsPerCharacter, score => score.NatsPerCharacter),
        Single(Perplexity, score => score.Perplexity),
        Whole(LeastLikelyPosition, score => score.LeastLikelyPosition),
        Whole(CharacterCount, score => score.Count),
        Single(UnknownShare, score => score.UnknownShare),
    }.OfType<(DataViewSchema.DetachedColumn, Func<Func<TextScore>, Delegate>)>()];

    public static TextScorerColumns FromOptions(RnnTextScorer.Options options, LanguageModelColumns model) => new(options.InputColumnName ?? model.Target ?? model.Input)
    {
        Context = options.ContextColumnName ?? (options.InputColumnName is null && model.Target is not null ? model.Input : null),
        Condition = options.ConditionColumnName ?? model.Condition,
        LogProbability = options.LogProbabilityColumnName,
        NatsPerCharacter = options.NatsPerCharacterColumnName,
        Perplexity = options.PerplexityColumnName,
        LeastLikelyPosition = options.LeastLikelyPositionColumnName,
        CharacterCount = options.CharacterCountColumnName,
        UnknownShare = options.UnknownShareColumnName,
    };

    public static TextScorerColumns FromNames(IReadOnlyDictionary<string, string> names) => new(names.GetValueOrDefault(SavedModel.InputColumn, "Text"))
    {
        Context = names.GetValueOrDefault("context"),
        Condition = names.GetValueOrDefault("condition"),
        LogProbability = names.GetValueOrDefault("log_probability"),
        NatsPerCharacter = names.GetValueOrDefault("nats_per_character"),
        Perplexity = names.GetValueOrDefault("perplexity"),
        LeastLikelyPosition = names.GetValueOrDefault("least_likely_position"),
        CharacterCount = names.GetValueOrDefault("character_count"),
        UnknownShare = names.GetValueOrDefault("unknown_share"),
    };

    public IReadOnlyDictionary<string, string> ToNames() => ColumnNames.Present(
        (SavedModel.InputColumn, Input), ("context", Context), ("condition", Condition), ("log_probability", LogProbability),
        ("nats_per_character", NatsPerCharacter), ("perplexity", Perplexity), ("least_likely_position", LeastLikelyPosition),
        ("character_count", CharacterCount), ("unknown_share", UnknownShare));

    private static (DataViewSchema.DetachedColumn, Func<Func<TextScore>, Delegate>)? Whole(string? name, Func<TextScore, int> select)
    {
        if (name is null)
            return null;
        return (new DataViewSchema.DetachedColumn(name, NumberDataViewType.Int32),
            current => (ValueGetter<int>)((ref int value) => value = select(current())));
    }

    private static (DataViewSchema.DetachedColumn, Func<Func<TextScore>, Delegate>)? Single(string? name, Func<TextScore, double> select)
    {
        if (name is null)
            return null;
        return (new DataViewSchema.DetachedColumn(name, NumberDataViewType.Single),
            current => (ValueGetter<float>)((ref float value) => value = (float)select(current())));
    }
}
