using RnnLm.Anomalies;
using RnnLm.ModelFiles;

namespace RnnLm;

/// <summary>
/// Says of texts whether they are plausible, at a rate of false positives that holds for new texts: a language model, calibrated by
/// <see cref="RnnLanguageModel.Calibrate"/> on rows that it was not trained on. It uses the model, which is to be disposed after it. Safe
/// for use by many threads at once.
/// </summary>
/// <remarks>
/// A text is compared with the held-out rows of about its length: the mean surprise of its characters, and the surprise of the least likely
/// one. Its p-value is the share of held-out rows that are no more plausible. Where the rows have conditions, a text is ranked among those
/// of its own if there are a hundred of them, and as many as the rate takes.
/// </remarks>
public sealed class AnomalyDetector
{
    private readonly RnnLanguageModel _model;
    private readonly RowJudge _judge;

    internal AnomalyDetector(RnnLanguageModel model, CalibrationData data) =>
        (_model, Data, _judge) = (model, data, new RowJudge(model.Vocabulary, data));

    /// <summary>Gets the number of held-out rows.</summary>
    public int HeldOutRows => Data.Rows.Count;

    /// <summary>Gets the p-value up to which a text is an anomaly: the rate of false positives, unless bad rows chose it.</summary>
    public double Threshold => Data.Threshold;

    /// <summary>Gets the conditions that have enough held-out rows for a calibration of their own.</summary>
    public IReadOnlyList<string> CalibratedConditions => [.. _judge.Conditions.Order().Select(id => _model.Conditions[id])];

    /// <summary>Gets what is kept of the calibration.</summary>
    internal CalibrationData Data { get; }

    /// <summary>Checks a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="condition">One of <see cref="RnnLanguageModel.Conditions"/>, or <see langword="null"/> for none.</param>
    /// <returns>Whether it is plausible, and where it is least so.</returns>
    /// <exception cref="TextDataException">The model does not know the condition, or is of pairs.</exception>
    public TextCheck Check(string text, string? condition = null) => CheckAll([TextRow.Row(text, condition)]).Single();

    /// <summary>Checks rows in batches, reading them as results are asked for; of pairs, the target after the input.</summary>
    /// <param name="rows">The rows; their memory must stay as it is until their result is returned.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The results, in the order of the rows.</returns>
    /// <exception cref="TextDataException">A row is a pair and the model is not of pairs, or the other way round; or the model does not
    /// know a condition.</exception>
    public IEnumerable<TextCheck> CheckAll(IEnumerable<TextRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Measure(_model, rows, cancellationToken)
            .Select(row => _judge.Judge((row.Row.IsPair ? row.Row.Target : row.Row.Text).Span, row.Score, row.Condition));
    }

    /// <summary>Returns the same calibration with another threshold.</summary>
    /// <param name="rate">The share of good texts that may be called anomalies, above 0 and below 1.</param>
    /// <returns>A detector for the same model.</returns>
    /// <exception cref="OptionsException">The rate is not between 0 and 1.</exception>
    /// <exception cref="TextDataException">There are too few held-out rows for the rate.</exception>
    public AnomalyDetector WithFalsePositiveRate(double rate) => new(_model, Data.WithRate(rate));

    /// <summary>Saves model and calibration in one zip, which <see cref="RnnLanguageModel.Load(string, DeviceOptions?)"/> and ML.NET read.
    /// The file is replaced as a whole or not at all.</summary>
    /// <param name="path">The zip file.</param>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe.</exception>
    public void Save(string path) => ModelArchive.Save(path, _model.Saved with { Calibration = Data });

    /// <summary>Saves model and calibration in one zip.</summary>
    /// <param name="stream">Where the zip is written; it stays open.</param>
    public void Save(Stream stream) => ModelArchive.Save(stream, _model.Saved with { Calibration = Data });

    /// <summary>Calibrates a model.</summary>
    internal static AnomalyDetector Calibrate(RnnLanguageModel model, IEnumerable<TextRow> heldOut, AnomalyOptions options,
        IEnumerable<TextRow>? bad, CancellationToken cancellationToken)
    {
        options.Check();
        var data = new CalibrationData
        {
            Rows = Surprises(model, heldOut, cancellationToken),
            FalsePositiveRate = options.FalsePositiveRate,
            Threshold = options.FalsePositiveRate,
            TwoSided = options.TwoSided,
        };
        // The rate does not matter where bad rows choose the threshold, so any number of rows is enough for it.
        CalibrationData.CheckCount(data.Rows.Count, bad is null ? data.FalsePositiveRate : 0.5);
        var detector = new AnomalyDetector(model, data);
        if (bad is null)
            return detector;
        double[] worse = [.. Surprises(model, bad, cancellationToken).Select(detector._judge.PValue)];
        if (worse.Length == 0)
            throw new TextDataException($"there are no bad rows to choose the threshold by. Give some, or leave them out to go by the rate "
                + $"of false positives.");
        double[] good = [.. data.Rows.Select(detector._judge.PValueOfKnown)];
        return new(model, data with { Threshold = BestThreshold.Find(good, worse) });
    }

    private static RowSurprise[] Surprises(RnnLanguageModel model, IEnumerable<TextRow> rows, CancellationToken cancellationToken) =>
        [.. Measure(model, rows.Where(row => !row.Text.IsEmpty || !row.Target.IsEmpty), cancellationToken)
            .Select(row => RowJudge.Measure(model.Vocabulary, row.Score, row.Condition)).OfType<RowSurprise>()];

    private static IEnumerable<(TextRow Row, TextScore Score, int Condition)> Measure(
        RnnLanguageModel model, IEnumerable<TextRow> rows, CancellationToken cancellationToken)
    {
        var read = new Queue<TextRow>();
        foreach (TextScore score in model.ScoreAll(rows.Select(row =>
        {
            read.Enqueue(row);
            return row;
        }), cancellationToken))
        {
            TextRow row = read.Dequeue();
            model.KnownConditions.TryFind(row.Condition, out int condition);
            yield return (row, score, condition);
        }
    }
}
