using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.Anomalies;
using RnnLm.LanguageModels;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.Trainers;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that learns from good texts what is plausible, and how plausible good texts usually are. See
/// <see cref="RnnTextAnomalyDetector"/> for what it makes.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use [RnnText](xref:RnnLm.MLNet.RnnTextAnomalyDetectionCatalog.RnnText*).
///
/// ### Input and Output Columns
/// The input column must be of type [text](xref:Microsoft.ML.Data.TextDataViewType). No label is needed: the rows are good ones.
///
/// This trainer outputs the following columns:
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `Score` | [Single](xref:System.Single) | How much less likely the text is than others of its length; the higher, the less plausible. |
/// | `PredictedLabel` | [Boolean](xref:System.Boolean) | Whether the text is an anomaly. |
/// | `PValue` | [Single](xref:System.Single) | The share of good texts that are no more plausible. |
/// | `LeastLikelyPosition` | [Int32](xref:System.Int32) | The index of the least likely character. |
/// | `Suggestion` | [text](xref:Microsoft.ML.Data.TextDataViewType) | The likeliest character there. |
///
/// ### Trainer Characteristics
/// |  |  |
/// | -- | -- |
/// | Machine learning task | Anomaly detection |
/// | Is normalization required? | No |
/// | Is caching required? | No; the data are read once |
/// | Required NuGet in addition to Microsoft.ML | RnnLm.MLNet |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// A language model ([RnnLanguageModelTrainer](xref:RnnLm.MLNet.RnnLanguageModelTrainer)) learns from the rows that are not held out. Then
/// the held-out rows show how surprising good rows of each length are to it. The p-value of a text is the share of held-out rows that
/// surprise as much, so that the rate of false positives is the one asked for, whatever the model is.
/// ]]></format>
/// </remarks>
/// <seealso cref="RnnTextAnomalyDetectionCatalog.RnnText(AnomalyDetectionCatalog.AnomalyDetectionTrainers, Options)"/>
public sealed partial class RnnTextAnomalyDetectionTrainer : IEstimator<RnnTextAnomalyDetector>
{
    private readonly IHostEnvironment _environment;
    private readonly IHost _host;
    private readonly Options _options;
    private readonly TextAnomalyColumns _columns;
    private readonly InputColumn? _label;

    /// <param name="environment">Usually an <see cref="MLContext"/>.</param>
    /// <param name="options">The options; copied.</param>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    internal RnnTextAnomalyDetectionTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_environment, _host) = (environment, environment.Register(nameof(RnnTextAnomalyDetectionTrainer)));
        _options = options.Clone();
        _columns = new TextAnomalyColumns(TextAnomalyColumns.TrainerTable.NamesOf(_options));
        _label = _options.LabelColumnName is { } label ? TextAnomalyColumns.Label.Column(label) : null;
    }

    /// <summary>Trains a model; a part of the rows is set aside to calibrate it (<see cref="Options.HeldOutFraction"/>).</summary>
    /// <param name="input">The training data, read once.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="TextDataException">There is too little text, or there are too few held-out rows for the rate of false positives;
    /// the message says how many are needed. Or no row is good, or a label is missing. It is thrown before the training.</exception>
    /// <exception cref="TrainingDivergedException">Training diverged before there was anything to keep.</exception>
    /// <exception cref="DeviceUnavailableException">The device or the engine asked for is not there.</exception>
    /// <exception cref="MemoryLimitException">The training takes more memory than there is; the message says what brings it
    /// down.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first step or while it calibrated, or the options say that
    /// a cancelled training throws.</exception>
    public RnnTextAnomalyDetector Fit(IDataView input) => Fit(input, heldOutData: null);

    /// <summary>Trains a model, and calibrates it on data of their own.</summary>
    /// <param name="trainData">The training data, read once. Rows that are known to be bad are left out.</param>
    /// <param name="heldOutData">Rows of the kind that will be checked, none of which is in the training data, read once; or
    /// <see langword="null"/> to set aside a part of the training data.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public RnnTextAnomalyDetector Fit(IDataView trainData, IDataView? heldOutData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        IEnumerable<(TextRow Row, bool IsBad)> training = Read(trainData);
        IEnumerable<(TextRow Row, bool IsBad)>? apart = heldOutData is null ? null : Read(heldOutData);
        Options options = _options.Clone();
        using var hosted = new HostedTraining(_host, _environment, options);
        double rate = options.Anomaly.FalsePositiveRate;
        HeldOutRows heldOut = apart is null
            ? new(options.HeldOutFraction, rate, (ulong)(options.Training.Seed ?? Random.Shared.NextInt64()))
            : HeldOutRows.Given(MarkedRows.Of(apart), rate);
        SavedModel saved = new LanguageModelTrainer(options, EngineSelector.Default)
            .Train(heldOut.SetAside(training), validation: null, previous: null);

        var model = new LoadedModel(saved, options.Device, HostLog.For(_host));
        try
        {
            // A training that was cancelled and keeps its best weights is calibrated all the same.
            CancellationToken token = options.Training.CancellationToken;
            CalibrationData calibration = ModelCalibration.Calibrate(model, heldOut.Rows, options.Anomaly,
                token.IsCancellationRequested ? CancellationToken.None : token);
            return new RnnTextAnomalyDetector(_environment, model, _columns, calibration);
        }
        catch
        {
            model.Release();
            throw;
        }
    }

    /// <summary>Returns the shape of the output for that of an input.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => ColumnShapes.Add(_host, inputSchema,
        ((InputColumn?[])[_columns.InputColumn, _columns.ConditionColumn, _label]).OfType<InputColumn>(),
        _columns.Added(scoreSet: 1).Select(added => added.Column));

    private IEnumerable<(TextRow Row, bool IsBad)> Read(IDataView data) =>
        TextRowReader.ReadMarked(_host, data, _columns.InputColumn, context: null, _columns.ConditionColumn, _label);
}
