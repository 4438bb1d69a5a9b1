namespace RnnLm.Cli;

/// <summary>What came of one label.</summary>
/// <param name="Rows">The number of texts that have it.</param>
/// <param name="Predicted">The number of texts that it was predicted for.</param>
/// <param name="Right">The number of texts that have it and that it was predicted for.</param>
internal readonly record struct LabelCounts(long Rows, long Predicted, long Right)
{
    /// <summary>Gets the share of right ones among the predictions; 0 where there are none, as scikit-learn has it.</summary>
    public double Precision => Right / (double)Math.Max(1, Predicted);

    /// <summary>Gets the share of the texts that were found.</summary>
    public double Recall => Right / (double)Math.Max(1, Rows);

    /// <summary>Gets the harmonic mean of both.</summary>
    public double F1 => 2.0 * Right / Math.Max(1, Predicted + Rows);

    public static LabelCounts operator +(LabelCounts a, LabelCounts b) => new(a.Rows + b.Rows, a.Predicted + b.Predicted, a.Right + b.Right);
}
