namespace RnnLm.Suggestions;

/// <summary>Adds numbers that are known by their logarithms.</summary>
internal static class LogSum
{
    public static double Of(double a, double b)
    {
        double most = Math.Max(a, b);
        return double.IsNegativeInfinity(most) ? most : most + Math.Log(1 + Math.Exp(Math.Min(a, b) - most));
    }
}
