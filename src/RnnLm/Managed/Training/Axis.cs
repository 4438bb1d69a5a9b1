namespace RnnLm.Managed.Training;

/// <summary>
/// One dimension of a matrix in the engine's own layout: <paramref name="Count"/> stretches of <paramref name="Length"/> elements (gates,
/// directions, or just one), each padded with zeros to <paramref name="Stride"/>, so that the kernels only meet whole tiles.
/// </summary>
/// <param name="Count">The number of stretches.</param>
/// <param name="Length">The number of elements of a stretch.</param>
/// <param name="Stride">The distance of two stretches.</param>
internal readonly record struct Axis(int Count, int Length, int Stride)
{
    /// <summary>The padding: a multiple of any tile's width, and of a cache line.</summary>
    public const int Padding = 32;

    /// <summary>Gets the number of elements without padding.</summary>
    public int Total => Count * Length;

    /// <summary>Gets the number of elements with padding.</summary>
    public int Padded => Count * Stride;

    /// <summary>Makes an axis of padded stretches.</summary>
    public static Axis Of(int count, int length) => new(count, length, RoundUp(length));

    /// <summary>Makes an axis without padding, for the rows of a matrix.</summary>
    public static Axis Rows(int length) => new(1, length, length);

    /// <summary>Rounds up to a whole number of tiles.</summary>
    public static int RoundUp(int length) => (length + Padding - 1) / Padding * Padding;

    /// <summary>
    /// Returns the distance at which rows of so many padded elements are best laid: where it is a multiple of a large power of two, all
    /// rows of a tile would compete for the same few lines of the cache.
    /// </summary>
    public static int RowStride(int padded) => padded % 256 == 0 ? padded + Padding : padded;

    /// <summary>Returns where an element stands.</summary>
    public int Offset(int index) => (index / Length * Stride) + (index % Length);
}
