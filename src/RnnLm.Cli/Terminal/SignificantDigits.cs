namespace RnnLm.Cli.Terminal;

/// <summary>Probabilities for people, with four significant digits, however small they are.</summary>
internal static class SignificantDigits
{
    /// <summary>Writes a probability: <c>0.5000</c>, <c>0.01230</c>, <c>1.230E-07</c>.</summary>
    public static string Of(double probability)
    {
        if (!(probability is > 0 and < 1))
            return FormattableString.Invariant($"{probability:F4}");
        // A zero behind the point for each power of ten below a tenth.
        int zeros = (int)Math.Floor(-Math.Log10(probability) * (1 - 1e-15));
        return probability.ToString(zeros < 4 ? $"F{4 + zeros}" : "0.000E-00", System.Globalization.CultureInfo.InvariantCulture);
    }
}
