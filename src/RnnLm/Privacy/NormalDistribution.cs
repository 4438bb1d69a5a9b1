namespace RnnLm.Privacy;

/// <summary>The standard normal distribution, far out too.</summary>
internal static class NormalDistribution
{
    private const double LogRootTwoPi = 0.91893853320467274;

    public static double LogDensity(double x) => (-x * x / 2) - LogRootTwoPi;

    /// <summary>Returns the natural logarithm of the probability of at most x.</summary>
    public static double LogCumulative(double x)
    {
        const double Tail = 5;
        if (x < -Tail)
            return LogDensity(x) + Math.Log(Mills(-x));
        if (x > Tail)
        {
            // Of a probability next to 1, the logarithm to a term more than is left of it in a number.
            double above = Math.Exp(LogDensity(x)) * Mills(x);
            return -above - (above * above / 2);
        }

        // Marsaglia, Evaluating the normal distribution, 2004.
        double term = x, sum = x;
        for (int i = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); i += 2)
        {
            term *= x * x / i;
            sum += term;
        }

        return Math.Log(0.5 + (sum * Math.Exp(LogDensity(x))));
    }

    /// <summary>Returns the probability of more than x over the density at x, by Laplace's continued fraction.</summary>
    private static double Mills(double x)
    {
        double fraction = x;
        for (int i = 60; i > 0; i--)
            fraction = x + (i / fraction);
        return 1 / fraction;
    }
}
