namespace RnnLm.Classification;

/// <summary>The receiver operating characteristic of scores.</summary>
internal static class RocCurve
{
    /// <summary>
    /// Returns the area under the curve, by the Mann-Whitney statistic: the share of pairs of a positive and a negative in which the
    /// positive scores higher, ties counting half.
    /// </summary>
    /// <param name="scores">Scores, each with whether it is a positive's.</param>
    /// <returns>The area, from 0 to 1; null where there are no positives or no negatives.</returns>
    public static double? Area(IReadOnlyCollection<(double Score, bool IsPositive)> scores)
    {
        double won = 0;
        long negatives = 0, positives = 0;
        foreach (IGrouping<double, (double Score, bool IsPositive)> same in scores.GroupBy(s => s.Score).OrderBy(group => group.Key))
        {
            long ofPositives = same.LongCount(s => s.IsPositive), ofNegatives = same.LongCount() - ofPositives;
            won += ofPositives * (negatives + (0.5 * ofNegatives));
            (positives, negatives) = (positives + ofPositives, negatives + ofNegatives);
        }

        return positives > 0 && negatives > 0 ? won / positives / negatives : null;
    }

    /// <summary>Returns the point with the most true positives among those of at most a rate of false positives.</summary>
    /// <param name="falsePositiveRate">The rate, from 0 to below 1.</param>
    /// <param name="scores">The probability of being positive, each with whether it is a positive's.</param>
    /// <returns>The point; null where there are no positives or no negatives.</returns>
    public static RocPoint? At(double falsePositiveRate, IReadOnlyCollection<(float Probability, bool IsPositive)> scores)
    {
        float[] negatives = [.. scores.Where(s => !s.IsPositive).Select(s => s.Probability).OrderDescending()];
        float[] positives = [.. scores.Where(s => s.IsPositive).Select(s => s.Probability)];
        if (negatives.Length == 0 || positives.Length == 0)
            return null;
        // The negative that would be one too many is the threshold. 0.29 of 100 is 29, though their product is a little less.
        int most = (int)Math.Floor(falsePositiveRate * negatives.Length * (1 + 1e-12));
        float threshold = negatives[Math.Min(most, negatives.Length - 1)];
        return new(threshold, Above(negatives), Above(positives));

        double Above(float[] probabilities) => probabilities.Count(p => p > threshold) / (double)probabilities.Length;
    }
}
