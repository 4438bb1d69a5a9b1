namespace RnnLm.Anomalies;

/// <summary>Chooses the threshold by rows that are known to be bad.</summary>
internal static class BestThreshold
{
    /// <summary>Returns the p-value of a bad row with which, as the threshold, the F1 score of the bad rows is highest; of several the
    /// lowest.</summary>
    /// <param name="good">The p-values of good rows.</param>
    /// <param name="bad">The p-values of bad rows, at least one.</param>
    public static double Find(double[] good, double[] bad)
    {
        double[] goods = [.. good.Order()], bads = [.. bad.Order()];
        (double threshold, double best) = (0, -1);
        int wrong = 0;
        for (int found = 1; found <= bads.Length; found++)
        {
            if (found < bads.Length && bads[found] == bads[found - 1])
                continue;
            while (wrong < goods.Length && goods[wrong] <= bads[found - 1])
                wrong++;
            double f1 = 2.0 * found / (found + wrong + bads.Length);
            if (f1 > best)
                (threshold, best) = (bads[found - 1], f1);
        }

        return threshold;
    }
}
