using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.LanguageModels;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that trains a recurrent network to write text like that of a column. See
/// <see cref="RnnLanguageModelTransformer"/> for what it makes.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use [RnnLanguageModel](xref:RnnLm.MLNet.RnnLanguageModelCatalog.RnnLanguageModel*).
///
/// ### Input and Output Columns
/// The input column must be of type [text](xref:Microsoft.ML.Data.TextDataViewType). The output column has the continuation of the row's
/// text: text, or a vector of texts where several samples are asked for. The text that the model is to learn and the prompts that it is to
/// continue come in the same column.
///
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | Yes; once |
/// | Input column data type | [text](xref:Microsoft.ML.Data.TextDataViewType) |
/// | Output column data type | [text](xref:Microsoft.ML.Data.TextDataViewType), or a known-sized vector of it |
/// | Required NuGet in addition to Microsoft.ML | RnnLm.MLNet |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// The network reads a text character by character (a Unicode scalar value each) and learns to predict the next: an embedding or one-hot
/// input, one or more layers of plain recurrent cells (Elman, 1990), LSTM (Hochreiter and Schmidhuber, 1997) or GRU (Cho et al., 2014), and
/// a linear output layer. It is trained by back-propagation through time with the cross-entropy of the next character as its loss. The
/// weights with the least validation loss are kept.
/// ]]></format>
/// </remarks>
/// <seealso cref="RnnLanguageModelCatalog.RnnLanguageModel(TransformsCatalog.TextTransforms, Options)"/>
public sealed partial class RnnLanguageModelTrainer : IEstimator<RnnLanguageModelTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly IHost _host;
    private readonly Options _options;
    private readonly LanguageModelColumns _columns;

    /// <param name="environment">Usually an <see cref="MLContext"/>.</param>
    /// <param name="options">The options; copied.</param>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    internal RnnLanguageModelTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_environment, _host) = (environment, environment.Register(nameof(RnnLanguageModelTrainer)));
        _options = options.Clone();
        _columns = new LanguageModelColumns(LanguageModelColumns.Table.NamesOf(_options));
    }

    /// <summary>Trains a model; a part of the data is kept apart for validation
    /// (<see cref="TrainingOptions.ValidationFraction"/>).</summary>
    /// <param name="input">The training data, read once.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="TextDataException">There is too little text, or it does not fit the options.</exception>
    /// <exception cref="TrainingDivergedException">Training diverged before there was anything to keep.</exception>
    /// <exception cref="DeviceUnavailableException">The device or the engine asked for is not there.</exception>
    /// <exception cref="MemoryLimitException">The training takes more memory than there is; the message says what brings it
    /// down.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first step, or the options say that a cancelled training
    /// throws.</exception>
    public RnnLanguageModelTransformer Fit(IDataView input) => Fit(input, validationData: null, previous: null);

    /// <summary>Trains a model and validates it on data of their own.</summary>
    /// <param name="trainData">The training data, read once.</param>
    /// <param name="validationData">The validation data, read once.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public RnnLanguageModelTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(validationData);
        return Fit(trainData, validationData, previous: null);
    }

    /// <summary>
    /// Trains a model further on new text. Its network is kept; characters that it does not know follow its policy for unknown ones, or are
    /// learned where <see cref="VocabularyOptions.Grow"/> says so.
    /// </summary>
    /// <param name="trainData">The training data, read once.</param>
    /// <param name="previous">The model to go on from, which stays as it is.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public RnnLanguageModelTransformer Fit(IDataView trainData, RnnLanguageModelTransformer previous)
    {
        ArgumentNullException.ThrowIfNull(previous);
        return Fit(trainData, validationData: null, previous);
    }

    /// <summary>Trains a model, with data of their own to validate it and a model to go on from as far as they are given.</summary>
    /// <param name="trainData">The training data, read once.</param>
    /// <param name="validationData">The validation data, read once; or <see langword="null"/> to keep a part of the training data
    /// apart.</param>
    /// <param name="previous">The model to go on from, which stays as it is; or <see langword="null"/>.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public RnnLanguageModelTransformer Fit(IDataView trainData, IDataView? validationData, RnnLanguageModelTransformer? previous)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        IEnumerable<TextRow> training = Read(trainData);
        IEnumerable<TextRow>? validation = validationData is null ? null : Read(validationData);

        Options options = _options.Clone();
        options.Data.KeepTextFilter |= options.InTrainingDataColumnName is not null;
        using var hosted = new HostedTraining(_host, _environment, options);
        SavedModel saved = new LanguageModelTrainer(options, EngineSelector.Default).Train(training, validation, previous?.Loaded.Saved);
        var model = new LoadedModel(saved, options.Device, HostLog.For(_host));
        return new RnnLanguageModelTransformer(_environment, model, _columns, _options.Sampling);
    }

    /// <summary>Returns the shape of the output for that of an input.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        ColumnShapes.Add(_host, inputSchema, _columns.Inputs, _columns.Added(_options.Sampling.NumSamples).Select(added => added.Column));

    private IEnumerable<TextRow> Read(IDataView data) =>
        TextRowReader.Read(_host, data, _columns.InputColumn, _columns.TargetColumn, _columns.ConditionColumn);
}
