using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;
using Options = RnnLm.MLNet.RnnTextScorer.Options;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of a scorer in a pipeline.</summary>
/// <param name="Names">Their names, by the keys of the table.</param>
internal sealed record TextScorerColumns(IReadOnlyDictionary<string, string> Names)
{
    /// <summary>The columns, one a line: its key in model files, its option, and what is read into requests of rows or shown of a
    /// score.</summary>
    public static readonly ColumnTable Table = new(
        new InputOption(SavedModel.InputColumn, nameof(Options.InputColumnName),
            name => ColumnKinds.Text.Column(name, "input", (request, text) => request with { Text = text })) { Default = "Text" },
        new InputOption("context", nameof(Options.ContextColumnName),
            name => ColumnKinds.Text.Column(name, "context", (request, context) => request with { Context = context })),
        new InputOption("condition", nameof(Options.ConditionColumnName),
            name => ColumnKinds.Category.Column(name, "condition", (request, condition) => request with { Condition = condition })),
        Single("log_probability", nameof(Options.LogProbabilityColumnName), score => score.LogProbability),
        Single("nats_per_character", nameof(Options.NatsPerCharacterColumnName), score => score.NatsPerCharacter),
        Single("perplexity", nameof(Options.PerplexityColumnName), score => score.Perplexity),
        Whole("least_likely_position", nameof(Options.LeastLikelyPositionColumnName), score => score.LeastLikelyPosition),
        Whole("character_count", nameof(Options.CharacterCountColumnName), score => score.Count),
        Single("unknown_share", nameof(Options.UnknownShareColumnName), score => score.UnknownShare));

    /// <summary>Gets what is read of a row.</summary>
    public IEnumerable<RequestColumn> ToScore => Table.Inputs(Names).OfType<RequestColumn>();

    /// <summary>Gets the columns that are added, each with what it shows of a score.</summary>
    public IReadOnlyList<AddedColumn<TextScore>> Added =>
        [.. Table.Outputs<FigureOption>(Names).Select(column => column.Option.Column(column.Name))];

    /// <summary>Takes from the model what options leave to it.</summary>
    public static TextScorerColumns FromOptions(Options options, LanguageModelColumns model)
    {
        var named = new Options();
        Table.Copy(options, named);
        named.ContextColumnName ??= options.InputColumnName is null && model.Target is not null ? model.Input : null;
        named.InputColumnName ??= model.Target ?? model.Input;
        named.ConditionColumnName ??= model.Condition;
        return new(Table.NamesOf(named));
    }

    public static TextScorerColumns FromModel(SavedModel saved) => new(Table.NamesSaved(saved.Columns));

    private static FigureOption Whole(string key, string option, Func<TextScore, int> select) => new(key, option, name => new(
        new(name, NumberDataViewType.Int32), current => (ValueGetter<int>)((ref int value) => value = select(current()))));

    private static FigureOption Single(string key, string option, Func<TextScore, double> select) => new(key, option, name => new(
        new(name, NumberDataViewType.Single), current => (ValueGetter<float>)((ref float value) => value = (float)select(current()))));

    /// <summary>A column with a figure of each score.</summary>
    private sealed record FigureOption(string Key, string Option, Func<string, AddedColumn<TextScore>> Column) : OutputOption(Key, Option);
}
