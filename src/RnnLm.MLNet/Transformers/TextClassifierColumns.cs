using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;
using Options = RnnLm.MLNet.RnnTextClassificationTrainer.Options;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of a classifier in a pipeline.</summary>
/// <param name="Names">Their names, by the keys of the table.</param>
internal sealed record TextClassifierColumns(IReadOnlyDictionary<string, string> Names)
{
    private const string PredictedLabel = "predicted_label", Score = "score", LabelTypeKey = "label.type", Keys = "Key";

    public static readonly InputOption
        Text = new(SavedModel.InputColumn, nameof(Options.TextColumnName),
            name => ColumnKinds.Text.Column(name, "input", (request, text) => request with { Text = text }))
            {
                Default = "Text",
                IsRequired = true
            },
        Label = new(null, nameof(Options.LabelColumnName), name => ColumnKinds.Category.Column(name, "label")) { IsRequired = true };

    /// <summary>The columns, one a line: its key in model files, its option, and what is read into requests of rows.</summary>
    public static readonly ColumnTable Table = new(
        Text,
        Label,
        new OutputOption(PredictedLabel, nameof(Options.PredictedLabelColumnName)) { Default = "PredictedLabel", IsRequired = true },
        new OutputOption(Score, nameof(Options.ScoreColumnName)) { Default = "Score", IsRequired = true });

    /// <summary>Gets the type of the values that labels stand for; null for keys that stand for nothing but themselves.</summary>
    public LabelType? LabelType { get; init; }

    /// <summary>Gets what is read of a row.</summary>
    public IEnumerable<RequestColumn> ToClassify => Table.Inputs(Names).OfType<RequestColumn>();

    public static TextClassifierColumns FromModel(SavedModel saved)
    {
        string type = saved.Metadata.GetValueOrDefault(LabelTypeKey, "String");
        return new(Table.NamesSaved(saved.Columns))
        {
            LabelType = type == Keys ? null
                : LabelType.Find(type)
                ?? throw new FormatException($"{SavedModel.ConfigName} gives the labels the type '{type}', which is not known."),
        };
    }

    public SavedModel AddTo(SavedModel saved) => saved with
    {
        Columns = Names,
        Metadata = new Dictionary<string, string>(saved.Metadata, StringComparer.Ordinal) { [LabelTypeKey] = LabelType?.Name ?? Keys },
    };

    /// <summary>Returns the columns that are added: the most likely label as a key, and the probability of each.</summary>
    public IReadOnlyList<AddedColumn<float[]>> Added(IReadOnlyList<string> classes)
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
