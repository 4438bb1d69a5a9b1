namespace RnnLm.Numerics;

/// <summary>Normal numbers of which the n-th is a pure function of seed, sequence and n, so that any part can be drawn by any
/// thread.</summary>
internal static class GaussianNoise
{
    /// <summary>Fills in standard normal numbers.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="sequence">Which sequence: a step.</param>
    /// <param name="purpose">What for: one of <see cref="RandomPurpose"/>.</param>
    /// <param name="first">The number in the sequence of the first one.</param>
    /// <param name="values">Takes them.</param>
    public static void Fill(ulong seed, ulong sequence, uint purpose, long first, Span<double> values)
    {
        // Two come of each block of random words.
        var random = new CounterRandom(seed, sequence, purpose) { Position = (ulong)(first / 2) * 4 };
        for (int i = first % 2 == 0 ? 0 : -1; i < values.Length; i += 2)
        {
            (double even, double odd) = random.NextNormals();
            if (i >= 0)
                values[i] = even;
            if (i + 1 < values.Length)
                values[i + 1] = odd;
        }
    }
}
