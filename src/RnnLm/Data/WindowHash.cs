using RnnLm.Numerics;

namespace RnnLm.Data;

/// <summary>
/// The hashes of a text as a whole, or of each window of n characters in it: a polynomial modulo 2^64 that moves along with the text, its
/// bits then mixed. Characters are code points, so the hash does not depend on any vocabulary.
/// </summary>
internal struct WindowHash
{
    private const ulong Base = 0x9FB21C651E98DF25;   // odd, of mixed bits: powers of it do not repeat early

    private readonly int[]? _window;
    private readonly ulong _oldest;
    private ulong _sum;
    private long _count;

    /// <param name="window">The number of characters of a window, or 0 for the whole text.</param>
    public WindowHash(int window)
    {
        _window = window > 0 ? new int[window] : null;
        _oldest = 1;
        for (int i = 0; i < window; i++)
            _oldest *= Base;
    }

    /// <summary>Gets whether there is a hash: not before a window is full.</summary>
    public readonly bool HasValue => _window is null || _count >= _window.Length;

    /// <summary>Gets the hash of the window that ends with the last character, or of the text so far.</summary>
    public readonly ulong Value => CounterRandom.Mix(_sum + (_window is null ? (ulong)_count : 0));

    public void Add(int codePoint)
    {
        ulong value = CounterRandom.Mix((ulong)codePoint + 1);
        _sum = (_sum * Base) + value;
        if (_window is not null)
        {
            int place = (int)(_count % _window.Length);
            if (_count >= _window.Length)
                _sum -= _oldest * CounterRandom.Mix((ulong)_window[place] + 1);
            _window[place] = codePoint;
        }

        _count++;
    }
}
