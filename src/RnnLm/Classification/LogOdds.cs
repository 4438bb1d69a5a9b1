namespace RnnLm.Classification;

/// <summary>The log-odds of two classes, which tell apart what is near 0 and what is near 1.</summary>
internal static class LogOdds
{
    /// <summary>Returns how much likelier the second class is than the first.</summary>
    /// <param name="probabilities">The probabilities of the two classes.</param>
    /// <returns>The log-odds, in nats; never infinite.</returns>
    public static double OfSecond(IReadOnlyList<float> probabilities) => Log(probabilities[1]) - Log(probabilities[0]);

    /// <summary>Returns the logarithm of a probability; of one that is too small for a float, that of the least that is not.</summary>
    public static double Log(float probability) => Math.Log(Math.Max(probability, float.Epsilon));
}
