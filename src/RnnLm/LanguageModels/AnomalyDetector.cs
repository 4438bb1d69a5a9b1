using System.Text;
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
    private const int CodePoints = 0x110000 - 0x800;

    private readonly RnnLanguageModel _model;
    private readonly CalibrationData _data;
    private readonly Calibration _all;
    private readonly IReadOnlyDictionary<int, Calibration> _byCondition;

    internal AnomalyDetector(RnnLanguageModel model, CalibrationData data)
    {
        (_model, _data) = (model, data);
        (_all, _byCondition) = data.Build();
    }

    /// <summary>Gets the number of held-out rows.</summary>
    public int HeldOutRows => _all.Count;

    /// <summary>Gets the p-value up to which a text is an anomaly: the rate of false positives, unless bad rows chose it.</summary>
    public double Threshold => _data.Threshold;

    /// <summary>Gets the conditions that have enough held-out rows for a calibration of their own.</summary>
    public IReadOnlyList<string> CalibratedConditions => [.. _byCondition.Keys.Order().Select(id => _model.Conditions[id])];

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
        return Measure(_model, rows, cancellationToken).Select(measured => Judge(measured.Row, measured.Score, measured.Surprise));
    }

    /// <summary>Returns the same calibration with another threshold.</summary>
    /// <param name="rate">The share of good texts that may be called anomalies, above 0 and below 1.</param>
    /// <returns>A detector for the same model.</returns>
    /// <exception cref="OptionsException">The rate is not between 0 and 1.</exception>
    /// <exception cref="TextDataException">There are too few held-out rows for the rate.</exception>
    public AnomalyDetector WithFalsePositiveRate(double rate)
    {
        AnomalyOptions.CheckRate(rate);
        CalibrationData data = _data with { FalsePositiveRate = rate, Threshold = rate };
        data.Check();
        return new(_model, data);
    }

    /// <summary>Saves model and calibration in one zip, which <see cref="RnnLanguageModel.Load(string, DeviceOptions?)"/> and ML.NET read.
    /// The file is replaced as a whole or not at all.</summary>
    /// <param name="path">The zip file.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path) => ModelArchive.Save(path, _model.Saved with { Calibration = _data });

    /// <summary>Saves model and calibration in one zip.</summary>
    /// <param name="stream">Where the zip is written; it stays open.</param>
    public void Save(Stream stream) => ModelArchive.Save(stream, _model.Saved with { Calibration = _data });

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
        data.Check();
        var detector = new AnomalyDetector(model, data);
        if (bad is null)
            return detector;
        double[] worse = [.. Surprises(model, bad, cancellationToken).Select(detector.PValue)];
        if (worse.Length == 0)
            throw new TextDataException($"there are no bad rows to choose the threshold by. Give some, or none at all");
        double[] good = [.. data.Rows.Select(detector.PValueOfKnown)];
        return new(model, data with { Threshold = BestThreshold.Find(good, worse) });
    }

    private static RowSurprise[] Surprises(RnnLanguageModel model, IEnumerable<TextRow> rows, CancellationToken cancellationToken) =>
        [.. Measure(model, rows.Where(row => !row.Text.IsEmpty || !row.Target.IsEmpty), cancellationToken)
            .Select(measured => measured.Surprise).OfType<RowSurprise>()];

    private static IEnumerable<(TextRow Row, TextScore Score, RowSurprise? Surprise)> Measure(
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
            yield return (row, score, Surprise(model, score, row.Condition is null ? -1 : model.KnownConditions.Find(row.Condition)));
        }
    }

    /// <summary>
    /// An unknown character is one of all those that the model does not know; so each costs the logarithm of their number beyond what the
    /// model says of the unknown. Otherwise text in another alphabet would be easy to predict.
    /// </summary>
    private static RowSurprise? Surprise(RnnLanguageModel model, TextScore score, int condition)
    {
        bool countsUnknown = model.Vocabulary.UnknownId is not null;
        int unknown = score.UnknownCharacters, length = score.Count + (countsUnknown ? 0 : unknown);
        if (length == 0)
            return null;
        double cost = Math.Log(CodePoints - model.Characters.Count);
        double peak = Math.Max(score.Count == 0 ? 0 : -score.LeastLogProbability, unknown > 0 ? cost : 0);
        return new(length, (float)((-score.LogProbability + (unknown * cost)) / length), (float)peak, condition);
    }

    private TextCheck Judge(TextRow row, TextScore score, RowSurprise? surprise)
    {
        if (surprise is not { } measured)
            return new(double.NaN, double.NaN, 1, false, -1, null);
        Calibration usual = Usual(measured);
        double value = usual.Score(measured), p = usual.PValue(value);
        (int position, string? suggestion) = Place(row, score);
        return new(value, measured.Mean, p, p <= Threshold, position, suggestion);
    }

    /// <summary>Returns the place of the first unknown character, else that of the least likely, and what would be likelier
    /// there.</summary>
    private (int Position, string? Suggestion) Place(TextRow row, TextScore score)
    {
        ReadOnlySpan<char> text = (row.IsPair ? row.Target : row.Text).Span;
        int unknown = score.UnknownCharacters > 0 ? FirstUnknown(text) : -1;
        if (unknown >= 0 && unknown != score.LeastLikelyPosition)
            return (unknown, null);
        int id = score.LikeliestId;
        return (score.LeastLikelyPosition, id < 0 ? null : id == _model.Vocabulary.EndId ? "" : _model.Vocabulary.Decode([id]));
    }

    private int FirstUnknown(ReadOnlySpan<char> text)
    {
        int at = 0;
        foreach (Rune character in text.EnumerateRunes())
        {
            if (character.Value is not ('\r' or '\n') && !_model.Vocabulary.TryGetId(character, out _))
                return at;
            at += character.Utf16SequenceLength;
        }

        return -1;
    }

    private Calibration Usual(RowSurprise row) => _byCondition.GetValueOrDefault(row.Condition, _all);

    private double PValue(RowSurprise row) => Usual(row).PValue(Usual(row).Score(row));

    private double PValueOfKnown(RowSurprise row) => Usual(row).PValueOfKnown(Usual(row).ScoreOfKnown(row));
}
