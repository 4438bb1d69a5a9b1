using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.Transformers;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that trains a recurrent network to tell from the characters of a text whether its label is
/// true. See <see cref="RnnTextBinaryClassificationTransformer"/> for what it makes.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use [RnnTextClassification](xref:RnnLm.MLNet.RnnTextBinaryClassificationCatalog.RnnTextClassification*).
///
/// ### Input and Output Columns
/// The input label column must be [Boolean](xref:Microsoft.ML.Data.BooleanDataViewType). The input text column must be of type
/// [text](xref:Microsoft.ML.Data.TextDataViewType).
///
/// This trainer outputs the following columns:
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `Score` | [Single](xref:System.Single) | The log-odds of true: above 0 where true is the likelier label. |
/// | `Probability` | [Single](xref:System.Single) | The probability of true. |
/// | `PredictedLabel` | [Boolean](xref:System.Boolean) | Whether the probability is above the threshold, by default 0.5. |
///
/// ### Trainer Characteristics
/// |  |  |
/// | -- | -- |
/// | Machine learning task | Binary classification |
/// | Is normalization required? | No |
/// | Is caching required? | No; the data are read once |
/// | Required NuGet in addition to Microsoft.ML | RnnLm.MLNet |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// That of [RnnTextClassificationTrainer](xref:RnnLm.MLNet.RnnTextClassificationTrainer), with the two classes False and True.
/// ]]></format>
/// </remarks>
/// <seealso cref="RnnTextBinaryClassificationCatalog.RnnTextClassification(BinaryClassificationCatalog.BinaryClassificationTrainers, Options)"/>
public sealed partial class RnnTextBinaryClassificationTrainer : RnnTextClassificationTrainerBase<RnnTextBinaryClassificationTransformer>
{
    private readonly Options _options;

    /// <param name="environment">Usually an <see cref="MLContext"/>.</param>
    /// <param name="options">The options; copied.</param>
    /// <param name="standard">The network that the options ask for where the user has set nothing; null for that of
    /// <see cref="ModelOptions"/>.</param>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    internal RnnTextBinaryClassificationTrainer(IHostEnvironment environment, Options options, ModelOptions? standard = null)
        : base(environment, nameof(RnnTextBinaryClassificationTrainer), options, standard,
            () => BinaryClassifierColumns.Text.Column(options.TextColumnName),
            () => BinaryClassifierColumns.Label.Column(options.LabelColumnName)) =>
        _options = options.Clone();

    private BinaryClassifierColumns Columns => new(BinaryClassifierColumns.Columns.NamesOf(_options), _options.Threshold);

    private protected override TextClassifierOptions CopyOptions() => _options.Clone();

    private protected override IReadOnlyList<string> KnownLabels(DataViewSchema.Column label) => BinaryClassifierColumns.Classes;

    /// <summary>The labels of all such classifiers are False and True.</summary>
    private protected override void CheckLabel(
        RnnTextBinaryClassificationTransformer previous, DataViewSchema.Column label, IProgress<LogMessage> log)
    {
    }

    private protected override RnnTextBinaryClassificationTransformer Create(
        IHostEnvironment environment, LoadedModel model, DataViewSchema.Column label) => new(environment, model, Columns);

    private protected override IEnumerable<DataViewSchema.DetachedColumn> Added(SchemaShape inputSchema) =>
        Columns.Added(BinaryClassifierColumns.Classes, scoreSet: 1).Select(added => added.Column);
}
