using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.Transformers;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that trains a recurrent network to tell the label of a text from its characters. See
/// <see cref="RnnTextClassificationTransformer"/> for what it makes.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use [RnnTextClassification](xref:RnnLm.MLNet.RnnTextClassificationCatalog.RnnTextClassification*).
///
/// ### Input and Output Columns
/// The input label column is a [key](xref:Microsoft.ML.Data.KeyDataViewType), whose values become the classes in their order, or a text,
/// number or Boolean, whose values become the classes in the order of their coming. The input text column must be of type
/// [text](xref:Microsoft.ML.Data.TextDataViewType).
///
/// This trainer outputs the following columns:
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `PredictedLabel` | [key](xref:Microsoft.ML.Data.KeyDataViewType) | The most likely label. The key's values are those of the label
/// column. | | `Score` | Vector of [Single](xref:System.Single) | The probability of each label, in the order of the key. |
///
/// ### Trainer Characteristics
/// |  |  |
/// | -- | -- |
/// | Machine learning task | Multiclass classification |
/// | Is normalization required? | No |
/// | Is caching required? | No; the data are read once |
/// | Required NuGet in addition to Microsoft.ML | RnnLm.MLNet |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// The network reads the characters of a text by one or more layers of recurrent cells, in one direction or both, pools its hidden states
/// (the last ones, their mean or their maximum) and maps them to the classes. It is trained with the cross-entropy of the label, on
/// minibatches of texts of near lengths, and the weights with the least validation loss are kept.
/// ]]></format>
/// </remarks>
/// <seealso cref="RnnTextClassificationCatalog.RnnTextClassification(MulticlassClassificationCatalog.MulticlassClassificationTrainers, Options)"/>
public sealed partial class RnnTextClassificationTrainer : RnnTextClassificationTrainerBase<RnnTextClassificationTransformer>
{
    private readonly Options _options;

    /// <param name="environment">Usually an <see cref="MLContext"/>.</param>
    /// <param name="options">The options; copied.</param>
    /// <param name="standard">The network that the options ask for where the user has set nothing; null for that of
    /// <see cref="ModelOptions"/>.</param>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    internal RnnTextClassificationTrainer(IHostEnvironment environment, Options options, ModelOptions? standard = null)
        : base(environment, nameof(RnnTextClassificationTrainer), options, standard,
            () => TextClassifierColumns.Text.Column(options.TextColumnName),
            () => TextClassifierColumns.Label.Column(options.LabelColumnName)) =>
        _options = options.Clone();

    private protected override TextClassifierOptions CopyOptions() => _options.Clone();

    private protected override IReadOnlyList<string>? KnownLabels(DataViewSchema.Column label) =>
        label.Type is KeyDataViewType ? ColumnReader.KeyNames(label) : null;

    private protected override void CheckLabel(
        RnnTextClassificationTransformer previous, DataViewSchema.Column label, IProgress<LogMessage> log)
    {
        if (LabelType.OfColumn(label) != previous.LabelType)
        {
            throw MismatchOfLabel($"labels of the previous classifier's type, {LabelType.NameOf(previous.LabelType)}",
                LabelType.NameOf(LabelType.OfColumn(label)));
        }

        if (label.Type is KeyDataViewType && ColumnReader.KeyNames(label).Zip(previous.Loaded.Saved.Classes).Any(l => l.First != l.Second))
        {
            log.Report(new(LogSeverity.Warning, $"The key values of the column '{label.Name}' are in another order than the labels of the "
                + "previous classifier, which are kept in their order. Evaluate would compare their numbers: map labels by "
                + "MapValueToKey with the labels of the model as its keyData."));
        }
    }

    private protected override RnnTextClassificationTransformer Create(
        IHostEnvironment environment, LoadedModel model, DataViewSchema.Column label) =>
        new(environment, model, Columns(LabelType.OfColumn(label)));

    private protected override IEnumerable<DataViewSchema.DetachedColumn> Added(SchemaShape inputSchema)
    {
        LabelType? type = ColumnShapes.FindLabelType(inputSchema, _options.LabelColumnName);
        // The shape of a column does not tell how many slots or values it has, so that any one class stands for them.
        return Columns(type).Added([type?.AnyName ?? "1"], scoreSet: 1).Select(added => added.Column);
    }

    private TextClassifierColumns Columns(LabelType? type) =>
        new(TextClassifierColumns.Columns.NamesOf(_options)) { LabelType = type };
}
