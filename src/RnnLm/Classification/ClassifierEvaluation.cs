using RnnLm.Classification;

namespace RnnLm;

/// <summary>How well a classifier tells labels: what was predicted for texts whose labels are known.</summary>
public sealed class ClassifierEvaluation
{
    private readonly SortedDictionary<string, LabelCounts> _labels = new(StringComparer.Ordinal);
    private readonly List<(double Score, bool IsSecond)> _scores = [];
    private double _loss;
    private long _lossRows;

    internal ClassifierEvaluation()
    {
    }

    /// <summary>Gets the number of texts.</summary>
    public long Rows { get; private set; }

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
    public double? AreaUnderRocCurve => RocCurve.Area(_scores);

    /// <summary>Gets what came of each label that occurs or was predicted, by its name.</summary>
    public IReadOnlyDictionary<string, LabelCounts> Labels => _labels;

    /// <summary>Counts the texts of another evaluation of the same model too.</summary>
    internal void Add(ClassifierEvaluation other)
    {
        (Rows, _loss, _lossRows) = (Rows + other.Rows, _loss + other._loss, _lossRows + other._lossRows);
        _scores.AddRange(other._scores);
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
        if (index < 0)
            return;
        IReadOnlyList<float> p = answer.Probabilities;
        _lossRows++;
        _loss -= LogOf(p[index]);
        // The logit tells apart what is near 0 and what is near 1.
        if (p.Count == 2)
            _scores.Add((LogOf(p[1]) - LogOf(p[0]), index == 1));
    }

    private static double LogOf(float probability) => Math.Log(Math.Max(probability, float.Epsilon));
}
