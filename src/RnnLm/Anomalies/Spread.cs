namespace RnnLm.Anomalies;

/// <summary>Mean and sum of squared deviations of some figures, from which one can be taken away again.</summary>
internal readonly record struct Spread(int Count, double Mean, double Squares)
{
    // In nats: rows that are all equal spread by nothing, and any other row is still at a finite distance from them.
    private const double LeastDeviation = 1e-3;

    public static Spread Of(ReadOnlySpan<float> values)
    {
        double mean = 0, squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double off = values[i] - mean;
            mean += off / (i + 1);
            squares += off * (values[i] - mean);
        }

        return new(values.Length, mean, squares);
    }

    /// <summary>Returns the spread of the others, where a value is one of those that were counted.</summary>
    public Spread Without(double value)
    {
        if (Count == 1)
            return default;
        double mean = Mean - ((value - Mean) / (Count - 1));
        return new(Count - 1, mean, Math.Max(0, Squares - ((value - Mean) * (value - mean))));
    }

    /// <summary>Returns by how many standard deviations a value is higher than the mean; 0 where there is nothing to compare it
    /// with.</summary>
    public double Deviation(double value)
    {
        double deviation = Count > 1 ? Math.Sqrt(Squares / (Count - 1)) : 0;
        return Count == 0 ? 0 : (value - Mean) / Math.Max(deviation, LeastDeviation);
    }
}
