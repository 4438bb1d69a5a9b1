using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.Classification;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;
using Options = RnnLm.MLNet.RnnTextBinaryClassificationTrainer.Options;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of a classifier with Boolean labels, as ML.NET's binary trainers have them.</summary>
/// <param name="Names">Their names, by the keys of the table.</param>
/// <param name="Threshold">The probability of true above which true is predicted.</param>
internal sealed record BinaryClassifierColumns(IReadOnlyDictionary<string, string> Names, float Threshold)
    : ClassifierColumns(Columns, Names)
{
    private const string Probability = "probability", ThresholdKey = "threshold";

    public static readonly InputOption
        Text = TextInput(nameof(Options.TextColumnName)),
        Label = new(null, nameof(Options.LabelColumnName), name => ColumnKinds.Truth.Column(name, "label")) { IsRequired = true };

    /// <summary>The columns, one a line: its key in model files, its option, and what is read into requests of rows.</summary>
    public static readonly ColumnTable Columns = new(
        Text,
        Label,
        new OutputOption(PredictedLabel, nameof(Options.PredictedLabelColumnName)) { Default = "PredictedLabel", IsRequired = true },
        new OutputOption(Score, nameof(Options.ScoreColumnName)) { Default = "Score", IsRequired = true },
        new OutputOption(Probability, nameof(Options.ProbabilityColumnName)) { Default = "Probability", IsRequired = true });

    /// <summary>Gets the names of the two classes: false, then true.</summary>
    public static IReadOnlyList<string> Classes { get; } = [bool.FalseString, bool.TrueString];

    /// <summary>Returns whether a model was saved with such columns.</summary>
    public static bool Has(SavedModel saved) => saved.Columns.ContainsKey(Probability);

    public static BinaryClassifierColumns FromModel(SavedModel saved)
    {
        if (!saved.Classes.SequenceEqual(Classes, StringComparer.Ordinal))
            throw new FormatException($"{SavedModel.ConfigName} has a column of probabilities, which is for the classes "
                + $"{string.Join(" and ", Classes)}, but its classes are {string.Join(", ", saved.Classes)}.");
        string threshold = saved.Metadata.GetValueOrDefault(ThresholdKey, "0.5");
        return float.TryParse(threshold, CultureInfo.InvariantCulture, out float value) && value is >= 0 and <= 1
            ? new(Columns.NamesSaved(saved.Columns), value)
            : throw new FormatException($"{SavedModel.ConfigName} gives the threshold '{threshold}', which is no number from 0 to 1.");
    }

    public override SavedModel AddTo(SavedModel saved) =>
        AddTo(saved, (LabelTypeKey, nameof(Boolean)), (ThresholdKey, Threshold.ToString(CultureInfo.InvariantCulture)));

    public override IReadOnlyList<AddedColumn<float[]>> Added(IReadOnlyList<string> classes, uint scoreSet) =>
    [
        new(Column(PredictedLabel, BooleanDataViewType.Instance, "PredictedLabel", scoreSet),
            current => (ValueGetter<bool>)((ref bool value) => value = current()[1] > Threshold)),
        new(Column(Score, NumberDataViewType.Single, "Score", scoreSet),
            current => (ValueGetter<float>)((ref float value) => value = (float)LogOdds.OfSecond(current()))),
        new(Column(Probability, NumberDataViewType.Single, "Probability", scoreSet),
            current => (ValueGetter<float>)((ref float value) => value = current()[1])),
    ];

    /// <summary>Makes a column with the annotations by which ML.NET knows what the scores of its own trainers are.</summary>
    private DataViewSchema.DetachedColumn Column(string key, DataViewType type, string kind, uint scoreSet)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        ScoreAnnotations.Add(annotations, "BinaryClassification", kind, scoreSet);
        if (kind == "Probability")
            annotations.Add("IsNormalized", BooleanDataViewType.Instance, (ref bool value) => value = true);
        return new(Names[key], type, annotations.ToAnnotations());
    }
}
