using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of a classifier in a pipeline.</summary>
/// <param name="Table">All columns that there may be.</param>
/// <param name="Names">Their names, by the keys of the table.</param>
internal abstract record ClassifierColumns(ColumnTable Table, IReadOnlyDictionary<string, string> Names)
{
    protected const string PredictedLabel = "predicted_label", Score = "score", LabelTypeKey = "label.type";

    /// <summary>Gets what is read of a row.</summary>
    public IEnumerable<RequestColumn> ToClassify => Table.Inputs(Names).OfType<RequestColumn>();

    /// <summary>Returns the columns that are added. The answer for a row is the probability of each class. // [C]</summary>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="scoreSet">The number by which ML.NET tells the columns of one component from those of another.</param>
    public abstract IReadOnlyList<AddedColumn<float[]>> Added(IReadOnlyList<string> classes, uint scoreSet);

    /// <summary>Returns the model as it is saved with the columns.</summary>
    public abstract SavedModel AddTo(SavedModel saved);

    /// <summary>Returns the column with the texts, under the option that names it.</summary>
    protected static InputOption TextInput(string option) => new(SavedModel.InputColumn, option,
        name => ColumnKinds.Text.Column(name, "input", (request, text) => request with { Text = text }))
        {
            Default = "Text",
            IsRequired = true
        };

    /// <summary>Returns the model with the names of the columns and further facts.</summary>
    protected SavedModel AddTo(SavedModel saved, params (string Key, string Value)[] facts)
    {
        var metadata = new Dictionary<string, string>(saved.Metadata, StringComparer.Ordinal);
        foreach ((string key, string value) in facts)
            metadata[key] = value;
        return saved with { Columns = Names, Metadata = metadata };
    }
}
