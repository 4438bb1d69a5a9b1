namespace RnnLm.Cli;

/// <summary>How well a classifier tells labels: what was predicted for texts whose labels are known.</summary>
internal sealed class ClassifierEvaluation
{
    private readonly SortedDictionary<string, LabelCounts> _labels = new(StringComparer.Ordinal);
    private double _loss;
    private long _lossRows;

    /// <summary>Gets the number of texts.</summary>
    public long Rows { get; private set; }

    /// <summary>Gets the number of texts whose label the model does not know. They are predicted wrongly, whatever it says.</summary>
    public long UnknownLabels => Rows - _lossRows;

    /// <summary>Gets the share of texts whose label was predicted.</summary>
    public double Accuracy => _labels.Values.Sum(counts => counts.Right) / (double)Rows;

    /// <summary>Gets the mean of the F1 scores of the labels that occur or were predicted, each counting the same.</summary>
    public double MacroF1 => LabelCounts.MacroF1(_labels.Values);

    /// <summary>Gets the mean cross-entropy of the labels that the model knows, in nats.</summary>
    public double Loss => _loss / _lossRows;

    /// <summary>Gets what came of each label that occurs or was predicted, by its name.</summary>
    public IReadOnlyDictionary<string, LabelCounts> Labels => _labels;

    /// <summary>Classifies texts and compares.</summary>
    /// <param name="model">The classifier.</param>
    /// <param name="rows">The texts with their labels; those without one are passed over.</param>
    /// <param name="stop">Stops it.</param>
    public static ClassifierEvaluation Of(RnnTextClassifier model, IEnumerable<LabelledText> rows, CancellationToken stop)
    {
        var evaluation = new ClassifierEvaluation();
        Dictionary<string, int> known = model.Labels.Select((label, index) => (label, index)).ToDictionary(l => l.label, l => l.index, StringComparer.Ordinal);
        var labels = new Queue<string>();
        IEnumerable<string> texts = rows.Where(row => row.Label is not null).Select(row =>
        {
            labels.Enqueue(row.Label!);
            return row.Text;
        });
        foreach (TextClassification answer in model.ClassifyAll(texts, stop))
        {
            string label = labels.Dequeue();
            evaluation.Add(label, answer.Label, known.TryGetValue(label, out int index) ? answer.Probabilities[index] : null);
        }

        return evaluation;
    }

    /// <summary>Counts the texts of another evaluation too.</summary>
    public void Add(ClassifierEvaluation other)
    {
        (Rows, _loss, _lossRows) = (Rows + other.Rows, _loss + other._loss, _lossRows + other._lossRows);
        foreach ((string label, LabelCounts counts) in other._labels)
            _labels[label] = _labels.GetValueOrDefault(label) + counts;
    }

    private void Add(string actual, string predicted, float? probability)
    {
        Rows++;
        bool right = actual == predicted;
        _labels[actual] = _labels.GetValueOrDefault(actual) + new LabelCounts(1, 0, right ? 1 : 0);
        _labels[predicted] = _labels.GetValueOrDefault(predicted) + new LabelCounts(0, 1, 0);
        if (probability is not float p)
            return;
        _lossRows++;
        _loss -= Math.Log(Math.Max(p, float.Epsilon));
    }
}
