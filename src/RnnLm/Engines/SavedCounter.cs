namespace RnnLm.Engines;

/// <summary>A counter among an engine's arrays of floats: four words of 16 bits, each of which a float holds exactly.</summary>
internal static class SavedCounter
{
    /// <summary>The number of floats that a counter takes.</summary>
    public const int Words = 4;

    public static void Write(long value, Span<float> destination)
    {
        for (int i = 0; i < Words; i++)
            destination[i] = (value >> (16 * i)) & 0xFFFF;
    }

    /// <summary>Reads a counter.</summary>
    /// <param name="source">The words.</param>
    /// <param name="name">The array that they stand in, for the message.</param>
    /// <exception cref="FormatException">A word is not one.</exception>
    public static long Read(ReadOnlySpan<float> source, string name)
    {
        long value = 0;
        for (int i = 0; i < Words; i++)
        {
            // The highest bit would make the counter negative.
            float most = i < Words - 1 ? 0xFFFF : 0x7FFF;
            if (!(source[i] >= 0 && source[i] <= most) || source[i] != MathF.Floor(source[i]))
                throw new FormatException($"The training state's '{name}' holds {source[i]}, which is no part of a counter.");
            value |= (long)source[i] << (16 * i);
        }

        return value;
    }
}
