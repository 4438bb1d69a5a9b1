using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using RnnLm.Classification;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.Trainers;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
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
public sealed partial class RnnTextClassificationTrainer : IEstimator<RnnTextClassificationTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly IHost _host;
    private readonly Options _options;
    private readonly ModelOptions? _standard;
    private readonly InputColumn _text, _label;

    /// <param name="environment">Usually an <see cref="MLContext"/>.</param>
    /// <param name="options">The options; copied.</param>
    /// <param name="standard">The network that the options ask for where the user has set nothing; null for that of
    /// <see cref="ModelOptions"/>.</param>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    internal RnnTextClassificationTrainer(IHostEnvironment environment, Options options, ModelOptions? standard = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_environment, _host) = (environment, environment.Register(nameof(RnnTextClassificationTrainer)));
        (_options, _standard) = (options.Clone(), standard);
        (_text, _label) = (TextClassifierColumns.Text.Column(_options.TextColumnName),
            TextClassifierColumns.Label.Column(_options.LabelColumnName));
    }

    /// <summary>Trains a classifier; of each label a part of the rows is kept apart for validation
    /// (<see cref="TrainingOptions.ValidationFraction"/>).</summary>
    /// <param name="input">The training data, read once.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="TextDataException">There is too little text, or fewer than two labels.</exception>
    /// <exception cref="TrainingDivergedException">Training diverged before there was anything to keep.</exception>
    /// <exception cref="DeviceUnavailableException">The device or the engine asked for is not there.</exception>
    /// <exception cref="MemoryLimitException">The training takes more memory than there is; the message says what brings it
    /// down.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first step, or the options say that a cancelled training
    /// throws.</exception>
    public RnnTextClassificationTransformer Fit(IDataView input) => Fit(input, validationData: null, languageModel: null);

    /// <summary>Trains a classifier and validates it on data of their own.</summary>
    /// <param name="trainData">The training data, read once.</param>
    /// <param name="validationData">The validation data, read once.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public RnnTextClassificationTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(validationData);
        return Fit(trainData, validationData, languageModel: null);
    }

    /// <summary>Trains a classifier, with data of their own to validate it and a language model to start from as far as they are
    /// given.</summary>
    /// <param name="trainData">The training data, read once.</param>
    /// <param name="validationData">The validation data, read once; or <see langword="null"/> to keep a part of the training data
    /// apart.</param>
    /// <param name="languageModel">A model whose vocabulary, embedding and recurrent layers the classifier starts from; or
    /// <see langword="null"/>.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public RnnTextClassificationTransformer Fit(IDataView trainData, IDataView? validationData, RnnLanguageModelTransformer? languageModel)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        DataViewSchema.Column label = _label.Find(_host, trainData.Schema);
        bool isKey = label.Type is KeyDataViewType;
        IEnumerable<LabelledText> training = TextRowReader.ReadLabelled(_host, trainData, _text, _label);
        IEnumerable<LabelledText>? validation = validationData is null
            ? null
            : TextRowReader.ReadLabelled(_host, validationData, _text, _label);

        Options options = _options.Clone();
        using var hosted = new HostedTraining(_host, _environment, options);
        IReadOnlyList<string>? labels = isKey ? ColumnReader.KeyNames(label) : null;
        SavedModel saved = new TextClassifierTrainer(options, EngineSelector.Default, _standard, labels)
            .Train(training, validation, languageModel?.Loaded.Saved);
        TextClassifierColumns columns = Columns(isKey ? LabelType.OfKeyValues(label) : LabelType.Find(label.Type));
        return new RnnTextClassificationTransformer(_environment, new LoadedModel(saved, options.Device, HostLog.For(_host)), columns);
    }

    /// <summary>Returns the shape of the output for that of an input.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _label.Check(_host, inputSchema);
        LabelType? type = ColumnShapes.FindLabelType(inputSchema, _options.LabelColumnName);
        // The shape of a column does not tell how many slots or values it has, so that any one class stands for them.
        return ColumnShapes.Add(_host, inputSchema, [_text, _label],
            Columns(type).Added([type?.AnyName ?? "1"]).Select(added => added.Column));
    }

    private TextClassifierColumns Columns(LabelType? type) =>
        new(TextClassifierColumns.Table.NamesOf(_options)) { LabelType = type };
}
