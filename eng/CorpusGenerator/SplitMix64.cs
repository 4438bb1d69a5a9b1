namespace CorpusGenerator;

/// <summary>Steele, Lea and Flood's generator (OOPSLA 2014). Unlike <see cref="Random"/> it promises the same numbers under every version
/// of .NET.</summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Draws a whole number of at least 0 and below <paramref name="bound"/>.</summary>
    public int Next(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)Math.BigMul(z ^ (z >> 31), (ulong)bound, out _);
    }

    /// <summary>Draws a whole number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Next(int least, int most) => least + Next(most - least + 1);

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];
}
