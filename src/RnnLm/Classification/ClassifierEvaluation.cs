using RnnLm.Classification;

namespace RnnLm;

/// <summary>How well a classifier tells labels: what was predicted for texts whose labels are known.</summary>
public sealed class ClassifierEvaluation
{
    private readonly SortedDictionary<string, LabelCounts> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Label, string Predicted), long> _confusion = [];
    private readonly List<(IReadOnlyList<float> Probabilities, bool IsSecond)> _answers = [];
    private double _loss;
    private long _lossRows;

    internal ClassifierEvaluation()
    {
    }

    /// <summary>Gets the number of texts that have a label.</summary>
    public long Rows { get; private set; }

    /// <summary>Gets the number of rows without a label. They count in no other figure.</summary>
    public long UnlabelledRows { get; internal set; }

    /// <summary>Gets the number of texts whose label the model does not know. They are predicted wrongly, whatever it says.</summary>
    public long UnknownLabels => Rows - _lossRows;

    /// <summary>Gets the share of texts whose label was predicted; NaN where there are no texts.</summary>
    public double Accuracy => _labels.Values.Sum(counts => counts.Correct) / (double)Rows;

    /// <summary>Gets the mean of the F1 scores of the labels that occur or were predicted, each counting the same; NaN where there are no
    /// texts.</summary>
    public double MacroF1 => LabelCounts.MacroF1(_labels.Values);

    /// <summary>Gets the mean cross-entropy of the labels that the model knows, in nats; NaN where there are none.</summary>
    public double Loss => _loss / _lossRows;

    /// <summary>
    /// Gets the area under the ROC curve: how often a text of the one label scores higher than one of the other, where those that score the
    /// same count half. It is the same whichever of the labels is called positive; 0.5 is chance. <see langword="null"/> for a model of
    /// more labels, and where only one of the two occurs.
    /// </summary>
    public double? AreaUnderRocCurve =>
        RocCurve.Area([.. _answers.Select(answer => (LogOdds.OfSecond(answer.Probabilities), answer.IsSecond))]);

    /// <summary>Gets what came of each label that occurs or was predicted, by its name.</summary>
    public IReadOnlyDictionary<string, LabelCounts> Labels => _labels;

    /// <summary>Returns a cell of the confusion matrix.</summary>
    /// <param name="label">A label.</param>
    /// <param name="predicted">What was predicted.</param>
    /// <returns>The number of texts that have the label and for which that was predicted.</returns>
    public long Count(string label, string predicted) => _confusion.GetValueOrDefault((label, predicted));

    /// <summary>
    /// Finds the threshold of a model of two labels that finds the most texts of the one, called positive, at a wanted rate of false
    /// positives: texts are called positive whose probability of it is above the threshold.
    /// </summary>
    /// <param name="falsePositiveRate">The share of the texts of the other label, from 0 to below 1, that may be called positive.</param>
    /// <param name="positive">Which label is positive, by its index in <see cref="RnnTextClassifier.Labels"/>.</param>
    /// <returns>The threshold and what it does to these texts; <see langword="null"/> for a model of more labels, and where only one of the
    /// two occurs. With fewer than 1 / <paramref name="falsePositiveRate"/> texts of the other label, none of them is above it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not from 0 to below 1, or the index neither 0 nor 1.</exception>
    public RocPoint? FindThreshold(double falsePositiveRate, int positive = 1)
    {
        if (falsePositiveRate is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(falsePositiveRate), falsePositiveRate,
                "A rate of false positives is at least 0 and below 1.");
        }

        if (positive is not (0 or 1))
            throw new ArgumentOutOfRangeException(nameof(positive), positive, "The index of one of two labels is 0 or 1.");
        return RocCurve.At(falsePositiveRate,
            [.. _answers.Select(answer => (answer.Probabilities[positive], answer.IsSecond == (positive == 1)))]);
    }

    /// <summary>Counts the texts of another evaluation of the same model too.</summary>
    internal void Add(ClassifierEvaluation other)
    {
        (Rows, _loss, _lossRows) = (Rows + other.Rows, _loss + other._loss, _lossRows + other._lossRows);
        UnlabelledRows += other.UnlabelledRows;
        _answers.AddRange(other._answers);
        foreach (((string, string) cell, long count) in other._confusion)
            _confusion[cell] = _confusion.GetValueOrDefault(cell) + count;
        foreach ((string label, LabelCounts counts) in other._labels)
            _labels[label] = _labels.GetValueOrDefault(label) + counts;
    }

    /// <summary>Counts a text.</summary>
    /// <param name="actual">Its label.</param>
    /// <param name="index">The index of the label, or -1 where the model does not know it.</param>
    /// <param name="answer">What the model says.</param>
    internal void Add(string actual, int index, TextClassification answer)
    {
        Rows++;
        _labels[actual] = _labels.GetValueOrDefault(actual) + new LabelCounts(1, 0, actual == answer.Label ? 1 : 0);
        _labels[answer.Label] = _labels.GetValueOrDefault(answer.Label) + new LabelCounts(0, 1, 0);
        _confusion[(actual, answer.Label)] = Count(actual, answer.Label) + 1;
        if (index < 0)
            return;
        IReadOnlyList<float> p = answer.Probabilities;
        _lossRows++;
        _loss -= LogOdds.Log(p[index]);
        if (p.Count == 2)
            _answers.Add((p, index == 1));
    }
}
