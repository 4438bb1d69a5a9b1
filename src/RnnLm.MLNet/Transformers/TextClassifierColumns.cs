using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of a classifier in a pipeline. Kept in the model file by the names below, of which none changes.</summary>
internal sealed record TextClassifierColumns(string Input, string PredictedLabel, string Score)
{
    private const string LabelTypeKey = "label.type", Keys = "Key";

    /// <summary>Gets the type of the values that labels stand for; null for keys that stand for nothing but themselves.</summary>
    public LabelType? LabelType { get; init; }

    public static TextClassifierColumns FromModel(SavedModel saved)
    {
        string type = saved.Metadata.GetValueOrDefault(LabelTypeKey, "String");
        return new(saved.Columns.GetValueOrDefault(SavedModel.InputColumn, "Text"), saved.Columns.GetValueOrDefault("predicted_label", "PredictedLabel"),
            saved.Columns.GetValueOrDefault("score", "Score"))
        {
            LabelType = type == Keys ? null
                : LabelType.Find(type) ?? throw new FormatException($"{SavedModel.ConfigName} gives the labels the type '{type}', which is not known."),
        };
    }

    public SavedModel AddTo(SavedModel saved) => saved with
    {
        Columns = ColumnNames.Present((SavedModel.InputColumn, Input), ("predicted_label", PredictedLabel), ("score", Score)),
        Metadata = new Dictionary<string, string>(saved.Metadata, StringComparer.Ordinal) { [LabelTypeKey] = LabelType?.Name ?? Keys },
    };

    /// <summary>Returns the columns that are added: the most likely label as a key, and the probability of each.</summary>
    public IReadOnlyList<DataViewSchema.DetachedColumn> Added(IReadOnlyList<string> classes)
    {
        var keyValues = new DataViewSchema.Annotations.Builder();
        LabelType?.AddKeyValues(keyValues, classes);
        var slotNames = new DataViewSchema.Annotations.Builder();
        ReadOnlyMemory<char>[] names = [.. classes.Select(name => name.AsMemory())];
        slotNames.Add<VBuffer<ReadOnlyMemory<char>>>("SlotNames", new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref value));
        return
        [
            new(PredictedLabel, new KeyDataViewType(typeof(uint), classes.Count), keyValues.ToAnnotations()),
            new(Score, new VectorDataViewType(NumberDataViewType.Single, classes.Count), slotNames.ToAnnotations()),
        ];
    }
}
