using RnnLm.Text;

namespace RnnLm.Drawing;

/// <summary>Looks for stop strings at the end of a text that grows. A stop string with a character that the vocabulary lacks is never
/// written, and so left out.</summary>
internal sealed class StopMatcher
{
    private readonly int[][] _stops;

    public StopMatcher(IReadOnlyList<string> stopStrings, CharVocabulary vocabulary)
    {
        _stops = [.. stopStrings
            .Select(stop => new LineEnds(vocabulary).Read(stop).ToString())
            .Where(stop => stop.EnumerateRunes().All(character => vocabulary.TryGetId(character, out _)))
            .Select(stop => vocabulary.Encode(stop))];
    }

    /// <summary>Gets whether nothing is looked for.</summary>
    public bool IsEmpty => _stops.Length == 0;

    /// <summary>Returns the length of the longest stop string at the end of the text, or 0.</summary>
    /// <param name="ids">The text.</param>
    /// <param name="mayEnd">For each length, whether the text may end there; only there a stop string begins.</param>
    public int Match(ReadOnlySpan<int> ids, ReadOnlySpan<bool> mayEnd)
    {
        int longest = 0;
        foreach (int[] stop in _stops)
        {
            if (stop.Length > longest && ids.EndsWith(stop) && mayEnd[ids.Length - stop.Length])
                longest = stop.Length;
        }

        return longest;
    }

    /// <summary>Returns the length of the longest end of the text that may be the beginning of a stop string.</summary>
    public int Pending(ReadOnlySpan<int> ids, ReadOnlySpan<bool> mayEnd)
    {
        int longest = 0;
        foreach (int[] stop in _stops)
        {
            for (int length = Math.Min(stop.Length - 1, ids.Length); length > longest; length--)
            {
                if (HasBegun(stop, length, ids, mayEnd))
                    longest = length;
            }
        }

        return longest;
    }

    /// <summary>Allows the tokens that begin a stop string or go on with one that has begun.</summary>
    /// <param name="ids">The text.</param>
    /// <param name="mayEnd">For each length, whether the text may end there.</param>
    /// <param name="left">The number of characters in which the stop string must be complete.</param>
    /// <param name="mask">Gets 0 for the tokens. // [V]</param>
    public void Allow(ReadOnlySpan<int> ids, ReadOnlySpan<bool> mayEnd, int left, Span<float> mask)
    {
        foreach (int[] stop in _stops)
        {
            for (int length = Math.Min(stop.Length - 1, ids.Length); length >= 0 && stop.Length - length <= left; length--)
            {
                if (HasBegun(stop, length, ids, mayEnd))
                    mask[stop[length]] = 0;
            }
        }
    }

    private static bool HasBegun(int[] stop, int length, ReadOnlySpan<int> ids, ReadOnlySpan<bool> mayEnd) =>
        ids.EndsWith(stop.AsSpan(0, length)) && mayEnd[ids.Length - length];
}
