using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.Anomalies;
using RnnLm.Diagnostics;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.MLNetInternals;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>
/// Continues the text of each row by a recurrent network. Made by <see cref="RnnLanguageModelTrainer"/>, or loaded with the model that it
/// is part of.
/// </summary>
/// <remarks>
/// With a seed (<see cref="SamplingOptions.Seed"/>, else that of the <see cref="MLContext"/>) the continuation of a row depends on the
/// seed, the row's text and the row's key alone: not on batches, threads, the order of rows, or how often the column is read. The key is
/// that of the row key column, where one is named; else the row's id in the data view, which is its position in the file or list that the
/// data view began with. A row that stands alone, as that of a PredictionEngine, has the key 0 unless a column gives one. Without a seed
/// each data view, and each prediction, has another.
/// </remarks>
public sealed class RnnLanguageModelTransformer : RnnTextTransformer
{
    private readonly LanguageModelColumns _columns;
    private readonly SamplingOptions _sampling;
    private readonly Lazy<RnnLanguageModel> _model;

    internal RnnLanguageModelTransformer(IHostEnvironment environment, SavedModel saved)
        : this(environment, HostModels.Open(environment, saved), LanguageModelColumns.FromModel(saved), saved.Sampling)
    {
    }

    /// <summary>Takes over one ownership of the model.</summary>
    internal RnnLanguageModelTransformer(IHostEnvironment environment, LoadedModel model, LanguageModelColumns columns,
        SamplingOptions sampling)
        : base(environment.Register(nameof(RnnLanguageModelTransformer)), model, columns.ToContinue,
            columns.Added(sampling.NumSamples).Select(added => added.Column))
    {
        (_columns, _sampling) = (columns, sampling.Clone());
        _model = new(() => new RnnLanguageModel(Loaded.Share(), Saved.Model));
    }

    /// <summary>Gets the model, for use outside of a pipeline: sessions, streams of text, scores. It is disposed with the
    /// transformer.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public RnnLanguageModel Model
    {
        get
        {
            ThrowIfDisposed();
            return _model.Value;
        }
    }

    /// <summary>Gets how text is drawn: a copy of the options.</summary>
    public SamplingOptions Sampling => _sampling.Clone();

    private protected override (string LoaderSignature, SavedModel Model) Saved =>
        (MemberSignature.LanguageModel, Loaded.Saved with { Columns = _columns.Names, Sampling = _sampling });

    /// <summary>Makes a transformer with the same weights that draws text in another way.</summary>
    /// <param name="sampling">How; copied.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    public RnnLanguageModelTransformer WithSampling(SamplingOptions sampling)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        var faults = new OptionFaults();
        sampling.Check(faults);
        faults.ThrowIfAny(nameof(sampling));
        ThrowIfDisposed();
        return new RnnLanguageModelTransformer(Host, Loaded.Share(), _columns, sampling);
    }

    /// <summary>Makes a transformer that says how usual the text of each row is to the model.</summary>
    /// <param name="options">The columns; <see langword="null"/> for the defaults.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    public RnnTextScorer ToScorer(RnnTextScorer.Options? options = null)
    {
        ThrowIfDisposed();
        options ??= new();
        options.Validate(nameof(options));
        return new RnnTextScorer(Host, Loaded.Share(), TextScorerColumns.FromOptions(options, _columns));
    }

    /// <summary>Makes a transformer that turns the text of each row into the hidden state of the network that has read it.</summary>
    /// <param name="options">The columns and the states; <see langword="null"/> for the defaults.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    public RnnTextFeaturizer ToFeaturizer(RnnTextFeaturizer.Options? options = null)
    {
        ThrowIfDisposed();
        options ??= new();
        options.Validate(nameof(options));
        return new RnnTextFeaturizer(Host, Loaded.Share(), TextFeaturizerSettings.FromOptions(options, _columns));
    }

    /// <summary>Makes a transformer that suggests how the text of each row goes on: the likeliest completions and their
    /// probabilities.</summary>
    /// <param name="options">The columns, and what is suggested; <see langword="null"/> for the defaults.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    public RnnTextSuggester ToSuggester(RnnTextSuggester.Options? options = null)
    {
        ThrowIfDisposed();
        options ??= new();
        options.Validate(nameof(options), Loaded.Saved.DataMode);
        _ = SuggestSession.FindPattern(options.Suggest, Loaded.Framing, Loaded.Saved.Config);
        return new RnnTextSuggester(Host, Loaded.Share(), TextSuggesterSettings.FromOptions(options, _columns));
    }

    /// <summary>Makes a transformer that says whether the text of each row is plausible, calibrated on rows that the model was not trained
    /// on.</summary>
    /// <param name="heldOut">Rows of the kind that will be checked, read once; empty ones are left out.</param>
    /// <param name="options">The columns, and which texts are called anomalies; <see langword="null"/> for the defaults.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="TextDataException">There are too few rows for the rate of false positives; or a row does not fit the
    /// model.</exception>
    /// <exception cref="OperationCanceledException">The context was cancelled.</exception>
    public RnnTextAnomalyDetector ToAnomalyDetector(IDataView heldOut, RnnTextAnomalyDetector.Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(heldOut);
        ThrowIfDisposed();
        options ??= new();
        options.Validate(nameof(options), Loaded.Saved.DataMode);
        TextAnomalyColumns columns = TextAnomalyColumns.FromOptions(options, _columns);
        InputColumn? label = options.LabelColumnName is { } name ? TextAnomalyColumns.Label.Column(name) : null;
        MarkedRows rows = MarkedRows.Of(TextRowReader.ReadMarked(
            Host, heldOut, columns.InputColumn, columns.ContextColumn, columns.ConditionColumn, label));
        using var cancellation = new HostCancellation(Host, CancellationToken.None);
        CalibrationData calibration = ModelCalibration.Calibrate(Loaded, rows, options.Anomaly, cancellation.Token);
        return new RnnTextAnomalyDetector(Host, Loaded.Share(), columns, calibration);
    }

    private protected override RnnTextTransformer ShareAs(LoadedModel model) =>
        new RnnLanguageModelTransformer(Host, model, _columns, _sampling);

    private protected override IRowMapping Bind(DataViewSchema inputSchema, RequestColumns columns)
    {
        SamplingOptions sampling = _sampling.Clone();
        sampling.Seed ??= HostAccess.GetSeed(Host);
        return new LanguageModelMapping(this, inputSchema, columns, _columns.Added(sampling.NumSamples), sampling);
    }

    private protected override void DisposeOwn()
    {
        if (_model.IsValueCreated)
            _model.Value.Dispose();
    }
}
