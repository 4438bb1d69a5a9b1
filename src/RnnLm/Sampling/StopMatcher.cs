namespace RnnLm;

/// <summary>Looks for stop strings at the end of a text that grows. A stop string with a character that the vocabulary lacks is never written, and so left out.</summary>
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

    /// <summary>Returns the length of the longest stop string at the end of the text that leaves at least so many characters, or 0.</summary>
    public int Match(ReadOnlySpan<int> ids, int leastLeft)
    {
        int longest = 0;
        foreach (int[] stop in _stops)
        {
            if (stop.Length > longest && ids.Length - stop.Length >= leastLeft && ids.EndsWith(stop))
                longest = stop.Length;
        }

        return longest;
    }

    /// <summary>Returns the length of the longest end of the text that may be the beginning of a stop string.</summary>
    public int Pending(ReadOnlySpan<int> ids)
    {
        int longest = 0;
        foreach (int[] stop in _stops)
        {
            for (int length = Math.Min(stop.Length - 1, ids.Length); length > longest; length--)
            {
                if (ids.EndsWith(stop.AsSpan(0, length)))
                    longest = length;
            }
        }

        return longest;
    }
}
