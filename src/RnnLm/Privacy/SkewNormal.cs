namespace RnnLm.Privacy;

/// <summary>
/// A skew normal distribution (Azzalini, A class of distributions which includes the normal ones, 1985) with the mean, variance and
/// skewness of a sample. A skewness that no such distribution has is taken for the nearest that one has.
/// </summary>
internal sealed class SkewNormal
{
    // Beyond 0.9953 there is none.
    private const double MostSkewness = 0.99;
    private const int Steps = 2000;

    private readonly double _location, _scale, _shape;

    public SkewNormal(ReadOnlySpan<double> sample)
    {
        double mean = 0, second = 0, third = 0;
        foreach (double value in sample)
            mean += value / sample.Length;
        foreach (double value in sample)
        {
            double difference = value - mean;
            second += difference * difference / sample.Length;
            third += difference * difference * difference / sample.Length;
        }

        double deviation = Math.Sqrt(second);
        double skewness = deviation == 0 ? 0 : Math.Clamp(third / (deviation * second), -MostSkewness, MostSkewness);
        double power = Math.Pow(Math.Abs(skewness), 2.0 / 3);
        double delta = Math.CopySign(Math.Sqrt(Math.PI / 2 * power / (power + Math.Pow((4 - Math.PI) / 2, 2.0 / 3))), skewness);
        _shape = delta / Math.Sqrt(1 - (delta * delta));
        _scale = deviation / Math.Sqrt(1 - (2 * delta * delta / Math.PI));
        _location = mean - (_scale * delta * Math.Sqrt(2 / Math.PI));
    }

    /// <summary>Returns the natural logarithm of the probability of at most a value, also where it is too small for a number.</summary>
    public double LogCumulative(double value)
    {
        if (_scale == 0)
            return value < _location ? double.NegativeInfinity : 0;
        const double Far = 12, Negligible = 45;
        double end = Math.Min((value - _location) / _scale, Far), mode = Mode(end), most = LogDensity(mode);
        // Where less is left than counts: the density falls ever faster.
        double width = 1e-6;
        while (LogDensity(mode - width) > most - Negligible)
            width *= 1.1;
        double start = mode - width, step = (end - start) / Steps, sum = 0;
        // Simpson's rule, over the density relative to its highest.
        for (int i = 0; i <= Steps; i++)
            sum += (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(LogDensity(start + (i * step)) - most);
        return Math.Min(0, most + Math.Log(sum * step / 3));
    }

    private double LogDensity(double x) => Math.Log(2) + NormalDistribution.LogDensity(x) + NormalDistribution.LogCumulative(_shape * x);

    /// <summary>Returns where up to an end the density is highest. It rises to one place and falls from there.</summary>
    private double Mode(double end)
    {
        double low = Math.Min(-2, end), high = Math.Min(2, end);
        if (low == high)
            return end;
        for (int i = 0; i < 100; i++)
        {
            double left = low + ((high - low) / 3), right = high - ((high - low) / 3);
            if (LogDensity(left) < LogDensity(right))
                low = left;
            else
                high = right;
        }

        return (low + high) / 2;
    }
}
