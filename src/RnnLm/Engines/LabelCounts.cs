namespace RnnLm;

/// <summary>What came of one label when texts of known labels were classified.</summary>
/// <param name="Rows">The number of texts that have it.</param>
/// <param name="Predicted">The number of texts that it was predicted for.</param>
/// <param name="Correct">The number of texts that have it and that it was predicted for.</param>
public readonly record struct LabelCounts(long Rows, long Predicted, long Correct)
{
    /// <summary>Gets the share of right ones among the predictions; 0 where there are none, as scikit-learn has it.</summary>
    public double Precision => Correct / (double)Math.Max(1, Predicted);

    /// <summary>Gets the share of the texts that were found.</summary>
    public double Recall => Correct / (double)Math.Max(1, Rows);

    /// <summary>Gets the harmonic mean of both.</summary>
    public double F1 => 2.0 * Correct / Math.Max(1, Predicted + Rows);

    /// <summary>Adds the counts of other texts.</summary>
    public static LabelCounts operator +(LabelCounts left, LabelCounts right) => Add(left, right);

    /// <summary>Adds the counts of other texts.</summary>
    public static LabelCounts Add(LabelCounts left, LabelCounts right) =>
        new(left.Rows + right.Rows, left.Predicted + right.Predicted, left.Correct + right.Correct);

    /// <summary>Returns the mean of the F1 scores of the labels that occur or were predicted, each counting the same.</summary>
    /// <param name="labels">The counts of each label.</param>
    /// <returns>The macro F1; NaN where no label occurs.</returns>
    public static double MacroF1(IEnumerable<LabelCounts> labels) =>
        labels.Where(counts => counts.Rows + counts.Predicted > 0).Select(counts => counts.F1).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Counts what was predicted for some texts.</summary>
    /// <param name="labels">The index of each text's label; those below 0 are passed over. // [B]</param>
    /// <param name="predicted">The index of each text's prediction. // [B]</param>
    /// <param name="classes">The number of labels, C.</param>
    /// <returns>The counts of each label. // [C]</returns>
    internal static LabelCounts[] Count(ReadOnlySpan<int> labels, ReadOnlySpan<int> predicted, int classes)
    {
        var counts = new LabelCounts[classes];
        for (int b = 0; b < labels.Length; b++)
        {
            if (labels[b] < 0)
                continue;
            counts[labels[b]] += new LabelCounts(1, 0, labels[b] == predicted[b] ? 1 : 0);
            counts[predicted[b]] += new LabelCounts(0, 1, 0);
        }

        return counts;
    }
}
