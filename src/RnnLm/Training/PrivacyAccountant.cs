using RnnLm.Numerics;

namespace RnnLm.Training;

/// <summary>
/// Counts the privacy that the steps of a private training cost. The Rényi divergences of the steps add up at each order α; what is
/// guaranteed after some steps is the least ε that any order comes to.
/// </summary>
internal sealed class PrivacyAccountant
{
    /// <summary>The orders, those of Opacus and of TensorFlow Privacy together.</summary>
    public static readonly double[] Orders =
        [1.25, 1.75, .. Enumerable.Range(1, 99).Select(i => 1 + (i / 10.0)), .. Enumerable.Range(11, 53).Select(i => (double)i), 128, 256,
        512];

    private readonly double[] _divergences;

    /// <param name="noiseMultiplier">The standard deviation of the noise, as a multiple of the norm that the gradient of a row is clipped
    /// to.</param>
    /// <param name="samplingRate">The probability with which a row takes part in a step.</param>
    public PrivacyAccountant(double noiseMultiplier, double samplingRate) =>
        _divergences = [.. Orders.Select(order => SubsampledGaussian.Divergence(samplingRate, noiseMultiplier, order))];

    /// <summary>Gets the Rényi divergence of one step at each order.</summary>
    public IReadOnlyList<double> Divergences => _divergences;

    /// <summary>
    /// Returns the ε that holds after some steps at a δ, by the conversion of Canonne, Kamath and Steinke (2020, arXiv:2004.00010,
    /// proposition 12), which is that of Balle et al. (2020, arXiv:1905.09982, theorem 21), and of Opacus and TensorFlow Privacy today.
    /// </summary>
    public double Epsilon(long steps, double delta)
    {
        if (steps == 0)
            return 0;
        double least = double.PositiveInfinity;
        for (int i = 0; i < Orders.Length; i++)
        {
            double order = Orders[i];
            double epsilon = (steps * _divergences[i]) + Math.Log(1 - (1 / order)) - ((Math.Log(delta) + Math.Log(order)) / (order - 1));
            // Beyond what a number holds, an order says nothing.
            if (epsilon < least)
                least = epsilon;
        }

        return Math.Max(0, least);
    }
}
