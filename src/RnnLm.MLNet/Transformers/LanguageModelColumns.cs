using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of a language model in a pipeline. Kept in the model file by the names below, of which none changes.</summary>
internal sealed record LanguageModelColumns(string Input, string Output)
{
    public string? Target { get; init; }

    public string? Condition { get; init; }

    public string? RowKey { get; init; }

    public string? Temperature { get; init; }

    public string? MaxLength { get; init; }

    public string? Pattern { get; init; }

    public string? FinishReason { get; init; }

    public string? LogProbability { get; init; }

    public string? InTrainingData { get; init; }

    /// <summary>Gets what is read of a row to be continued.</summary>
    public InputColumnNames ToContinue => new(InputColumn.Text(Input))
    {
        RowKey = RowKey is null ? null : InputColumn.RowKey(RowKey),
        Temperature = Temperature is null ? null : InputColumn.Number(Temperature, "temperature"),
        MaximumLength = MaxLength is null ? null : InputColumn.Count(MaxLength, "length"),
        Condition = Condition is null ? null : InputColumn.Category(Condition, "condition"),
        Pattern = Pattern is null ? null : InputColumn.Text(Pattern, "pattern"),
    };

    /// <summary>Gets what is read of a row to be trained on.</summary>
    public IEnumerable<InputColumn> ToTrain => new[]
    {
        InputColumn.Text(Input),
        Target is null ? null : InputColumn.Text(Target, "target"),
        Condition is null ? null : InputColumn.Category(Condition, "condition"),
    }.OfType<InputColumn>();

    public static LanguageModelColumns FromNames(IReadOnlyDictionary<string, string> names) => new(
        names.GetValueOrDefault(SavedModel.InputColumn, "Text"), names.GetValueOrDefault(SavedModel.OutputColumn, "Continuation"))
    {
        Target = names.GetValueOrDefault("target"),
        Condition = names.GetValueOrDefault("condition"),
        RowKey = names.GetValueOrDefault("row_key"),
        Temperature = names.GetValueOrDefault("temperature"),
        MaxLength = names.GetValueOrDefault("max_length"),
        Pattern = names.GetValueOrDefault("pattern"),
        FinishReason = names.GetValueOrDefault("finish_reason"),
        LogProbability = names.GetValueOrDefault("log_probability"),
        InTrainingData = names.GetValueOrDefault("in_training_data"),
    };

    public IReadOnlyDictionary<string, string> ToNames() => ColumnNames.Present(
        (SavedModel.InputColumn, Input), (SavedModel.OutputColumn, Output), ("target", Target), ("condition", Condition), ("row_key", RowKey),
        ("temperature", Temperature), ("max_length", MaxLength), ("pattern", Pattern), ("finish_reason", FinishReason),
        ("log_probability", LogProbability), ("in_training_data", InTrainingData));

    /// <summary>Returns the columns that are added: scalars, or vectors where a row has several samples.</summary>
    public IReadOnlyList<DataViewSchema.DetachedColumn> Added(int samples)
    {
        DataViewType Type(PrimitiveDataViewType type) => samples == 1 ? type : new VectorDataViewType(type, samples);
        var columns = new List<DataViewSchema.DetachedColumn> { new(Output, Type(TextDataViewType.Instance)) };
        if (FinishReason is not null)
            columns.Add(new(FinishReason, Type(TextDataViewType.Instance)));
        if (LogProbability is not null)
            columns.Add(new(LogProbability, Type(NumberDataViewType.Single)));
        if (InTrainingData is not null)
            columns.Add(new(InTrainingData, Type(BooleanDataViewType.Instance)));
        return columns;
    }
}
