namespace RnnLm.Tests.Generation;

/// <summary>Whether observed counts fit probabilities.</summary>
internal static class ChiSquare
{
    /// <summary>The value of the statistic that is passed by chance once in 100,000 times, by degrees of freedom (Wilson and Hilferty,
    /// 1931).</summary>
    public static double Bound(int degrees)
    {
        const double Normal = 4.2649;
        double variance = 2.0 / (9 * degrees);
        return degrees * Math.Pow(1 - variance + (Normal * Math.Sqrt(variance)), 3);
    }

    /// <summary>Returns the statistic over its bound: below 1 the counts fit. What has no probability and occurs never fits.</summary>
    public static double Excess(IReadOnlyList<int> counts, IReadOnlyList<double> probabilities)
    {
        int total = counts.Sum();
        double statistic = 0;
        int degrees = -1;
        for (int i = 0; i < counts.Count; i++)
        {
            double expected = probabilities[i] * total;
            if (expected == 0)
            {
                if (counts[i] > 0)
                    return double.PositiveInfinity;
                continue;
            }

            degrees++;
            statistic += Math.Pow(counts[i] - expected, 2) / expected;
        }

        return statistic / Bound(Math.Max(1, degrees));
    }
}
