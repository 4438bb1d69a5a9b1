using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;
using Options = RnnLm.MLNet.RnnTextAnomalyDetector.Options;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of an anomaly detector in a pipeline, and of its trainer, whose options have the same names.</summary>
/// <param name="Names">Their names, by the keys of the table.</param>
internal sealed record TextAnomalyColumns(IReadOnlyDictionary<string, string> Names)
{
    /// <summary>The column that only calibration and training read.</summary>
    public static readonly InputOption Label = new(null, nameof(Options.LabelColumnName), name => ColumnKinds.Mark.Column(name, "label"));

    private static readonly InputOption
        TextInput = new(SavedModel.InputColumn, nameof(Options.InputColumnName),
            name => ColumnKinds.Text.Column(name, "input", (request, text) => request with { Text = text })) { Default = "Text" },
        ContextInput = new("context", nameof(Options.ContextColumnName),
            name => ColumnKinds.Text.Column(name, "context", (request, context) => request with { Context = context })),
        ConditionInput = new("condition", nameof(Options.ConditionColumnName),
            name => ColumnKinds.Category.Column(name, "condition", (request, condition) => request with { Condition = condition }));

    private static readonly CheckOption[] Checks =
    [
        Of("score", nameof(Options.ScoreColumnName), NumberDataViewType.Single, check => (float)check.Score, "Score"),
        Of("predicted_label", nameof(Options.PredictedLabelColumnName), BooleanDataViewType.Instance, check => check.IsAnomaly,
            "PredictedLabel"),
        Of("p_value", nameof(Options.PValueColumnName), NumberDataViewType.Single, check => (float)check.PValue),
        Of("least_likely_position", nameof(Options.LeastLikelyPositionColumnName), NumberDataViewType.Int32,
            check => check.LeastLikelyPosition),
        Of("suggestion", nameof(Options.SuggestionColumnName), TextDataViewType.Instance, check => check.Suggestion.AsMemory()),
    ];

    /// <summary>The columns, one a line: its key in model files, its option, and what is read into requests of rows or shown of a
    /// check.</summary>
    public static readonly ColumnTable Table = new([TextInput, ContextInput, ConditionInput, Label, .. Checks]);

    /// <summary>Those that the trainer has too: its rows have no context.</summary>
    public static readonly ColumnTable TrainerTable = new([TextInput with { IsRequired = true }, ConditionInput, Label, .. Checks]);

    /// <summary>Gets what is read of a row.</summary>
    public IEnumerable<RequestColumn> ToRead => Table.Inputs(Names).OfType<RequestColumn>();

    public InputColumn InputColumn => TextInput.In(Names)!;

    public InputColumn? ContextColumn => ContextInput.In(Names);

    public InputColumn? ConditionColumn => ConditionInput.In(Names);

    /// <summary>Takes from the model what options leave to it.</summary>
    public static TextAnomalyColumns FromOptions(Options options, LanguageModelColumns model)
    {
        var named = new Options();
        Table.Copy(options, named);
        named.ContextColumnName ??= options.InputColumnName is null && model.Target is not null ? model.Input : null;
        named.InputColumnName ??= model.Target ?? model.Input;
        named.ConditionColumnName ??= model.Condition;
        return new(Table.NamesOf(named));
    }

    public static TextAnomalyColumns FromModel(SavedModel saved) => new(Table.NamesSaved(saved.Columns));

    /// <summary>Returns the columns that are added.</summary>
    /// <param name="scoreSet">The number by which ML.NET tells the columns of one component from those of another.</param>
    public IReadOnlyList<AddedColumn<TextCheck>> Added(uint scoreSet) =>
        [.. Table.Outputs<CheckOption>(Names).Select(column => column.Option.Column(column.Name, scoreSet))];

    /// <param name="key">What a model file calls the column.</param>
    /// <param name="option">The property that names it.</param>
    /// <param name="type">The type of its values.</param>
    /// <param name="select">Takes the value from a check.</param>
    /// <param name="kind">What ML.NET annotates such a column with, where its own trainers have it.</param>
    private static CheckOption Of<T>(string key, string option, DataViewType type, Func<TextCheck, T> select, string? kind = null) =>
        new(key, option, (name, scoreSet) =>
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            // As ML.NET's own detectors of anomalies have it.
            if (kind is not null)
                ScoreAnnotations.Add(annotations, "BinaryClassification", kind, scoreSet);
            return new(new(name, type, annotations.ToAnnotations()),
                current => (ValueGetter<T>)((ref T value) => value = select(current())));
        });

    /// <summary>A column that shows something of a check. It is made from its name and the number of its set.</summary>
    private sealed record CheckOption(string Key, string Option, Func<string, uint, AddedColumn<TextCheck>> Column)
        : OutputOption(Key, Option);
}
