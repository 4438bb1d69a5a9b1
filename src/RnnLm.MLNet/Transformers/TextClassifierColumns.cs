using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;
using Options = RnnLm.MLNet.RnnTextClassificationTrainer.Options;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of a classifier with labels of any kind.</summary>
/// <param name="Names">Their names, by the keys of the table.</param>
internal sealed record TextClassifierColumns(IReadOnlyDictionary<string, string> Names) : ClassifierColumns(Columns, Names)
{
    private const string Keys = "Key";

    public static readonly InputOption
        Text = TextInput(nameof(Options.TextColumnName)),
        Label = new(null, nameof(Options.LabelColumnName), name => ColumnKinds.Category.Column(name, "label")) { IsRequired = true };

    /// <summary>The columns, one a line: its key in model files, its option, and what is read into requests of rows.</summary>
    public static readonly ColumnTable Columns = new(
        Text,
        Label,
        new OutputOption(PredictedLabel, nameof(Options.PredictedLabelColumnName)) { Default = "PredictedLabel", IsRequired = true },
        new OutputOption(Score, nameof(Options.ScoreColumnName)) { Default = "Score", IsRequired = true });

    /// <summary>Gets the type of the values that labels stand for; null for keys that stand for nothing but themselves.</summary>
    public LabelType? LabelType { get; init; }

    public static TextClassifierColumns FromModel(SavedModel saved)
    {
        string type = saved.Metadata.GetValueOrDefault(LabelTypeKey, "String");
        return new(Columns.NamesSaved(saved.Columns))
        {
            LabelType = type == Keys ? null
                : LabelType.Find(type)
                ?? throw new FormatException($"{SavedModel.ConfigName} gives the labels the type '{type}', which is not known."),
        };
    }

    public override SavedModel AddTo(SavedModel saved) => AddTo(saved, (LabelTypeKey, LabelType?.Name ?? Keys));

    /// <summary>Returns the columns that are added: the most likely label as a key, and the probability of each.</summary>
    public override IReadOnlyList<AddedColumn<float[]>> Added(IReadOnlyList<string> classes, uint scoreSet)
    {
        var keyValues = new DataViewSchema.Annotations.Builder();
        LabelType?.AddKeyValues(keyValues, classes);
        return
        [
            new(new(Names[PredictedLabel], new KeyDataViewType(typeof(uint), classes.Count), keyValues.ToAnnotations()),
                current => (ValueGetter<uint>)((ref uint value) => value = (uint)TensorPrimitives.IndexOfMax<float>(current()) + 1)),
            AddedColumn.Vector<float[]>(Names[Score], [.. classes.Select(name => name.AsMemory())], probabilities => probabilities),
        ];
    }
}
