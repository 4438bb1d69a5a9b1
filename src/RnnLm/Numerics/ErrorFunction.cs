namespace RnnLm.Numerics;

/// <summary>The complementary error function, as a logarithm, so that its tail is not lost.</summary>
internal static class ErrorFunction
{
    // Below it the series takes few terms and loses few digits; above it the continued fraction converges fast.
    private const double Middle = 2;

    /// <summary>Returns ln erfc(x).</summary>
    public static double LogComplement(double x)
    {
        if (x < 0)
            return Math.Log(2 - Math.Exp(LogComplement(-x)));
        if (x < Middle)
            return Math.Log(1 - Series(x));
        return -(x * x) - Math.Log(Fraction(x) * Math.Sqrt(Math.PI));
    }

    /// <summary>Returns erf(x) by the series of positive terms 2/√π · e^(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)).</summary>
    private static double Series(double x)
    {
        double term = x, sum = x;
        for (int n = 1; term > sum * 1e-17; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>Returns e^(-x²) / (√π · erfc(x)) by the continued fraction x + (1/2) / (x + 1 / (x + (3/2) / (x + …))).</summary>
    private static double Fraction(double x)
    {
        double value = x;
        for (int k = 120; k > 0; k--)
            value = x + (0.5 * k / value);
        return value;
    }
}
