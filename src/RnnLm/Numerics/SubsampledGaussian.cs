namespace RnnLm.Numerics;

/// <summary>
/// The Rényi divergence of the subsampled Gaussian mechanism (Mironov, Talwar and Zhang, 2019, arXiv:1908.10530): of a sum of which each
/// summand, of norm 1 at most, is taken with probability q, and to which noise of standard deviation σ is added.
/// </summary>
internal static class SubsampledGaussian
{
    // A term of this logarithm changes nothing in a sum of at least about 1.
    private const double Negligible = -36;

    // Below it the terms are too large for the digits of a double, and the guarantee is worth nothing anyway.
    private const double LeastNoise = 0.01;

    /// <summary>Returns the divergence of order α, in nats, of one draw.</summary>
    /// <param name="rate">q, from 0 to 1.</param>
    /// <param name="noise">σ, above 0.</param>
    /// <param name="order">α, above 1.</param>
    public static double Divergence(double rate, double noise, double order)
    {
        if (rate == 0)
            return 0;
        double precision = 1 / (2 * noise * noise);
        // Without sampling the divergence is greater, never less.
        if (rate == 1 || noise < LeastNoise)
            return order * precision;
        double moment = Math.Floor(order) == order ? WholeMoment(rate, precision, (int)order) : RealMoment(rate, noise, order);
        return Math.Max(0, moment / (order - 1));
    }

    /// <summary>Returns ln A of a whole order n: the logarithm of Σ C(n, k) (1 - q)ⁿ⁻ᵏ qᵏ exp((k² - k) / 2σ²).</summary>
    private static double WholeMoment(double rate, double precision, int order)
    {
        double taken = Math.Log(rate), left = LogLess1(rate), binomial = 0, sum = double.NegativeInfinity;
        for (int k = 0; k <= order; k++)
        {
            sum = LogAdd(sum, binomial + ((order - k) * left) + (k * taken) + (((double)k * k) - k) * precision);
            binomial += Math.Log((double)(order - k) / (k + 1));
        }

        return sum;
    }

    /// <summary>
    /// Returns ln A of any order α: the integral is cut in two where both densities are the same, and each half is a binomial series, whose
    /// signs alternate beyond α (section 3.3 of the paper).
    /// </summary>
    private static double RealMoment(double rate, double noise, double order)
    {
        double taken = Math.Log(rate), left = LogLess1(rate), precision = 1 / (2 * noise * noise), root = Math.Sqrt(2) * noise;
        double middle = (noise * noise * (left - taken)) + 0.5;
        double binomial = 0, plus = double.NegativeInfinity, minus = double.NegativeInfinity;
        bool negative = false;
        for (int i = 0; ; i++)
        {
            double rest = order - i;
            double lower = binomial + (i * taken) + (rest * left) + ((((double)i * i) - i) * precision)
                + ErrorFunction.LogComplement((i - middle) / root) - Math.Log(2);
            double upper = binomial + (rest * taken) + (i * left) + (((rest * rest) - rest) * precision)
                + ErrorFunction.LogComplement((middle - rest) / root) - Math.Log(2);
            double term = LogAdd(lower, upper);
            (plus, minus) = negative ? (plus, LogAdd(minus, term)) : (LogAdd(plus, term), minus);
            if (i > order && term < plus + Negligible)
                return plus + LogLess1(Math.Exp(minus - plus));
            binomial += Math.Log(Math.Abs(rest) / (i + 1));
            negative ^= rest < 0;
        }
    }

    private static double LogAdd(double a, double b)
    {
        double most = Math.Max(a, b);
        return double.IsNegativeInfinity(most) ? most : most + Math.Log(1 + Math.Exp(Math.Min(a, b) - most));
    }

    /// <summary>Returns ln(1 - x), with all digits where x is small.</summary>
    private static double LogLess1(double x) => x < 1e-4 ? -x * (1 + (x * (0.5 + (x * ((1 / 3.0) + (x / 4)))))) : Math.Log(1 - x);
}
