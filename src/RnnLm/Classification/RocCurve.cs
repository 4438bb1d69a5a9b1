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
}
