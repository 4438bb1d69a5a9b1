namespace RnnLm.Suggestions;

/// <summary>Adds numbers that are known by their logarithms.</summary>
internal static class LogSum
{
    public static double Of(double a, double b)
    {
        double most = Math.Max(a, b);
        return double.IsNegativeInfinity(most) ? most : most + Math.Log(1 + Math.Exp(Math.Min(a, b) - most));
    }

    public static double Of(IEnumerable<double> all)
    {
        double most = double.NegativeInfinity, sum = 0;
        foreach (double one in all)
        {
            if (one > most)
                (most, sum) = (one, (sum * Math.Exp(most - one)) + 1);
            else if (one > double.NegativeInfinity)
                sum += Math.Exp(one - most);
        }

        return most + Math.Log(sum);
    }
}
