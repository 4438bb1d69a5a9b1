using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.Anomalies;
using RnnLm.Lanes;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Runtime;
using RnnLm.Scoring;

namespace RnnLm.MLNet;

/// <summary>
/// Says of the text of each row whether it is plausible, at a rate of false positives that holds for new texts: a language model with a
/// calibration on held-out rows, as <see cref="AnomalyDetector"/> is. Made by <see cref="RnnTextAnomalyDetectionTrainer"/> or
/// <see cref="RnnLanguageModelTransformer.ToAnomalyDetector(IDataView, Options?)"/>, or loaded with the model that it is part of.
/// </summary>
/// <remarks>
/// Of a text of which nothing is counted, as an empty one of some models, the score is NaN, which ML.NET takes as missing, the p-value 1
/// and the position -1. ML.NET's <c>AnomalyDetection.Evaluate</c> takes the columns as they are; the label that it compares them with is a
/// <see cref="float"/>, above 0 for an anomaly.
/// </remarks>
public sealed partial class RnnTextAnomalyDetector : RnnTextTransformer
{
    private readonly TextAnomalyColumns _columns;
    private readonly CalibrationData _calibration;
    private readonly Lazy<RowJudge> _judge;
    private readonly Lazy<RnnLanguageModel> _model;

    internal RnnTextAnomalyDetector(IHostEnvironment environment, SavedModel saved)
        : this(environment, HostModels.Open(environment, saved), TextAnomalyColumns.FromModel(saved),
            saved.Calibration ?? throw new FormatException($"{SavedModel.ConfigName} has no calibration of the anomaly detector."))
    {
    }

    /// <summary>Takes over one ownership of the model.</summary>
    internal RnnTextAnomalyDetector(
        IHostEnvironment environment, LoadedModel model, TextAnomalyColumns columns, CalibrationData calibration)
        : base(environment.Register(nameof(RnnTextAnomalyDetector)), model, columns.ToRead,
            columns.Added(scoreSet: 1).Select(added => added.Column))
    {
        (_columns, _calibration) = (columns, calibration);
        _judge = new(() => new RowJudge(Loaded.Saved.Vocabulary, calibration));
        _model = new(() => new RnnLanguageModel(Loaded.Share(), Saved.Model));
    }

    /// <summary>Gets the p-value up to which a text is an anomaly: the rate of false positives, unless bad rows chose it.</summary>
    public double Threshold => _calibration.Threshold;

    /// <summary>Gets the model, whose <see cref="RnnLanguageModel.AnomalyDetector"/> says the same of single texts, for use outside of a
    /// pipeline. It is disposed with the transformer.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public RnnLanguageModel Model
    {
        get
        {
            ThrowIfDisposed();
            return _model.Value;
        }
    }

    private protected override (string LoaderSignature, SavedModel Model) Saved =>
        (MemberSignature.TextAnomalyDetector, Loaded.Saved with { Columns = _columns.Names, Calibration = _calibration });

    /// <summary>Returns a transformer with the same weights and calibration, and another threshold.</summary>
    /// <param name="rate">The share of good texts that may be called anomalies, above 0 and below 1.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <exception cref="OptionsException">The rate is not between 0 and 1.</exception>
    /// <exception cref="TextDataException">There are too few held-out rows for the rate.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public RnnTextAnomalyDetector WithFalsePositiveRate(double rate)
    {
        CalibrationData calibration = _calibration.WithRate(rate);
        return new(Host, Loaded.Share(), _columns, calibration);
    }

    private protected override RnnTextTransformer ShareAs(LoadedModel model) =>
        new RnnTextAnomalyDetector(Host, model, _columns, _calibration);

    private protected override IRowMapping Bind(DataViewSchema inputSchema, RequestColumns columns) =>
        new Mapping(this, inputSchema, columns, _columns.Added(ScoreAnnotations.NextSet(inputSchema)));

    private protected override void DisposeOwn()
    {
        if (_model.IsValueCreated)
            _model.Value.Dispose();
    }

    private sealed class Mapping(RnnTextAnomalyDetector transformer, DataViewSchema inputSchema, RequestColumns columns,
        IReadOnlyList<AddedColumn<TextCheck>> added) : ModelMapping<TextCheck>(transformer, inputSchema, columns, added)
    {
        public override IEnumerable<TextCheck> Run(IEnumerable<TextRequest> requests) => Check(requests, LanePool.UsualLanes);

        public override TextCheck RunAlone(TextRequest request) => Check([request], 1).Single();

        private IEnumerable<TextCheck> Check(IEnumerable<TextRequest> requests, int batchSize)
        {
            var scorer = new TextScorer(Model.LanguageModel, Model.Framing, batchSize);
            var read = new Queue<ScoreRequest>();
            foreach (TextScore score in scorer.Score(requests.Select(Read)))
            {
                WarnOfUnknown(score.UnknownCharacters + score.UnknownBefore);
                ScoreRequest request = read.Dequeue();
                yield return transformer._judge.Value.Judge(request.Text.Span, score, request.Condition);
            }

            ScoreRequest Read(TextRequest row)
            {
                var request = new ScoreRequest(row.Text.AsMemory(), row.Context.AsMemory(), ConditionId(row.Condition));
                read.Enqueue(request);
                return request;
            }
        }
    }
}
