using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;
using Options = RnnLm.MLNet.RnnLanguageModelTrainer.Options;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of a language model in a pipeline.</summary>
/// <param name="Names">Their names, by the keys of the table.</param>
internal sealed record LanguageModelColumns(IReadOnlyDictionary<string, string> Names)
{
    private static readonly InputOption
        TextInput = new(SavedModel.InputColumn, nameof(Options.InputColumnName),
            name => ColumnKinds.Text.Column(name, "input", (request, text) => request with { Text = text }))
            {
                Default = "Text",
                IsRequired = true
            },
        TargetInput = new("target", nameof(Options.TargetColumnName), name => ColumnKinds.Text.Column(name, "target")),
        ConditionInput = new("condition", nameof(Options.ConditionColumnName),
            name => ColumnKinds.Category.Column(name, "condition", (request, condition) => request with { Condition = condition }));

    /// <summary>The columns, one a line: its key in model files, its option, and what is read into requests of rows or taken from their
    /// answers.</summary>
    public static readonly ColumnTable Table = new(
        TextInput,
        Sample(SavedModel.OutputColumn, nameof(Options.OutputColumnName), TextDataViewType.Instance, (_, sample) => sample.Text.AsMemory())
            with { Default = "Continuation", IsRequired = true },
        TargetInput,
        ConditionInput,
        new InputOption("row_key", nameof(Options.RowKeyColumnName),
            name => ColumnKinds.RowKey.Column(name, "row key", (request, key) => request with { Key = key })),
        new InputOption("temperature", nameof(Options.TemperatureColumnName),
            name => ColumnKinds.Number.Column(name, "temperature", (request, temperature) => request with { Temperature = temperature })),
        new InputOption("max_length", nameof(Options.MaxLengthColumnName),
            name => ColumnKinds.Count.Column(name, "length", (request, length) => request with { MaxLength = length })),
        new InputOption("pattern", nameof(Options.PatternColumnName),
            name => ColumnKinds.Text.Column(name, "pattern", (request, pattern) => request with { Pattern = pattern })),
        Sample("finish_reason", nameof(Options.FinishReasonColumnName), TextDataViewType.Instance,
            (_, sample) => sample.FinishReason.ToString().AsMemory()),
        Sample("log_probability", nameof(Options.LogProbabilityColumnName), NumberDataViewType.Single,
            (_, sample) => (float)sample.LogProbability, float.NaN),
        Sample("in_training_data", nameof(Options.InTrainingDataColumnName), BooleanDataViewType.Instance,
            (row, sample) => row.IsInTrainingData(sample)));

    public string Input => Names[SavedModel.InputColumn];

    public string? Target => TargetInput.NameIn(Names);

    public string? Condition => ConditionInput.NameIn(Names);

    /// <summary>Gets the column that is learned from.</summary>
    public InputColumn InputColumn => TextInput.In(Names)!;

    /// <summary>Gets the column with the targets of pairs, which only training reads.</summary>
    public InputColumn? TargetColumn => TargetInput.In(Names);

    public InputColumn? ConditionColumn => ConditionInput.In(Names);

    /// <summary>Gets all that is read, in training or of a row to be continued.</summary>
    public IEnumerable<InputColumn> Inputs => Table.Inputs(Names);

    /// <summary>Gets what is read of a row to be continued.</summary>
    public IEnumerable<RequestColumn> ToContinue => Inputs.OfType<RequestColumn>();

    public static LanguageModelColumns FromModel(SavedModel saved) => new(Table.NamesSaved(saved.Columns));

    /// <summary>Returns the columns that are added: scalars, or vectors where a row has several samples.</summary>
    public IReadOnlyList<AddedColumn<Continuation>> Added(int samples) =>
        [.. Table.Outputs<SampleOption>(Names).Select(column => column.Option.Column(column.Name, samples))];

    /// <param name="key">What a model file calls the column.</param>
    /// <param name="option">The property that names it.</param>
    /// <param name="type">The type of a sample's value.</param>
    /// <param name="select">Takes the value from a sample.</param>
    /// <param name="missing">The value of samples that are not there: beam search finds fewer where a pattern has fewer texts.</param>
    private static SampleOption Sample<T>(
        string key, string option, PrimitiveDataViewType type, Func<Continuation, GeneratedText, T> select, T missing = default!)
    {
        Delegate One(Func<Continuation> current) => (ValueGetter<T>)((ref T value) =>
        {
            Continuation row = current();
            value = select(row, row.Result.Samples[0]);
        });

        Delegate Several(Func<Continuation> current, int samples) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            Continuation row = current();
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, samples);
            for (int i = 0; i < samples; i++)
                editor.Values[i] = i < row.Result.Samples.Count ? select(row, row.Result.Samples[i]) : missing;
            value = editor.Commit();
        });

        return new(key, option, (name, samples) => samples == 1
            ? new(new(name, type), One)
            : new(new(name, new VectorDataViewType(type, samples)), current => Several(current, samples)));
    }

    /// <summary>A column with a value of each sample.</summary>
    private sealed record SampleOption(string Key, string Option, Func<string, int, AddedColumn<Continuation>> Column)
        : OutputOption(Key, Option);
}
