namespace RnnLm.Privacy;

/// <summary>Finds the longest run of characters that a text shares with others, by their suffixes in order.</summary>
/// <param name="text">The characters of all texts as numbers; a 0 equals nothing.</param>
/// <param name="alphabet">The highest number.</param>
internal sealed class TextRuns(int[] text, int alphabet)
{
    private readonly int[] _suffixes = SuffixArray.Of(text, alphabet);

    /// <summary>Returns the length of the longest run of a text that occurs, or <paramref name="known"/> where none is longer.</summary>
    public int Longest(ReadOnlySpan<int> of, int known)
    {
        for (int start = 0; of.Length - start > known; start++)
            known = Math.Max(known, LongestAt(of[start..]));

        return known;
    }

    /// <summary>Returns how many characters of a text, from its start, occur: those that it shares with its neighbours in the order of the
    /// suffixes.</summary>
    private int LongestAt(ReadOnlySpan<int> wanted)
    {
        int low = 0, high = _suffixes.Length, longest = 0;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            ReadOnlySpan<int> suffix = text.AsSpan(_suffixes[middle]);
            int common = wanted.CommonPrefixLength(suffix);
            // The two neighbours are among the suffixes looked at, and no other has more in common.
            longest = Math.Max(longest, common);
            if (common == wanted.Length)
                return common;
            if (common == suffix.Length || suffix[common] < wanted[common])
                low = middle + 1;
            else
                high = middle;
        }

        return longest;
    }
}
