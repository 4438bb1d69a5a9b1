namespace RnnLm.Privacy;

/// <summary>The order of all suffixes of a text, in linear time (Nong, Zhang and Chan, Linear suffix array construction by almost pure
/// induced-sorting, 2009).</summary>
internal static class SuffixArray
{
    /// <summary>Returns where the suffixes begin, in their order.</summary>
    /// <param name="text">The characters, as numbers from 0.</param>
    /// <param name="highest">The highest number.</param>
    public static int[] Of(int[] text, int highest)
    {
        int length = text.Length;
        if (length < 2)
            return length == 0 ? [] : [0];
        // Whether a suffix comes before the one that begins a character later.
        var smaller = new bool[length];
        for (int i = length - 2; i >= 0; i--)
            smaller[i] = text[i] == text[i + 1] ? smaller[i + 1] : text[i] < text[i + 1];
        (int[] largerStarts, int[] smallerStarts) = Buckets(text, smaller, highest);

        // Where suffixes turn from larger to smaller: their order gives that of all.
        var numbers = new int[length];
        var turns = new List<int>();
        Array.Fill(numbers, -1);
        for (int i = 1; i < length; i++)
        {
            if (smaller[i - 1] || !smaller[i])
                continue;
            numbers[i] = turns.Count;
            turns.Add(i);
        }

        int[] order = new int[length];
        Induce(turns);
        if (turns.Count == 0)
            return order;
        int[] sorted = [.. order.Where(suffix => numbers[suffix] >= 0)];
        int[] names = Name(text, sorted, turns, numbers, out int most);
        int[] sortedTurns = [.. Of(names, most).Select(turn => turns[turn])];
        Induce(sortedTurns);
        return order;

        void Induce(IReadOnlyList<int> known)
        {
            Array.Fill(order, -1);
            int[] next = [.. smallerStarts];
            foreach (int suffix in known)
                order[next[text[suffix]]++] = suffix;
            next = [.. largerStarts];
            order[next[text[length - 1]]++] = length - 1;
            for (int i = 0; i < length; i++)
            {
                int before = order[i] - 1;
                if (before >= 0 && !smaller[before])
                    order[next[text[before]]++] = before;
            }

            next = [.. largerStarts];
            for (int i = length - 1; i >= 0; i--)
            {
                int before = order[i] - 1;
                if (before >= 0 && smaller[before])
                    order[--next[text[before] + 1]] = before;
            }
        }
    }

    /// <summary>Returns where the suffixes of each first character begin in the order: those larger than the next suffix, and after them
    /// the others.</summary>
    private static (int[] Larger, int[] Smaller) Buckets(int[] text, bool[] smaller, int highest)
    {
        int[] largerStarts = new int[highest + 2], smallerStarts = new int[highest + 2];
        for (int i = 0; i < text.Length; i++)
        {
            if (smaller[i])
                largerStarts[text[i] + 1]++;
            else
                smallerStarts[text[i]]++;
        }

        for (int id = 0; id <= highest; id++)
        {
            smallerStarts[id] += largerStarts[id];
            largerStarts[id + 1] += smallerStarts[id];
        }

        return (largerStarts, smallerStarts);
    }

    /// <summary>Numbers the pieces from turn to turn in their order, equal ones alike.</summary>
    private static int[] Name(int[] text, int[] sorted, List<int> turns, int[] numbers, out int highest)
    {
        var names = new int[turns.Count];
        highest = 0;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (IsLast(sorted[i - 1]) || IsLast(sorted[i]) || !Piece(sorted[i - 1]).SequenceEqual(Piece(sorted[i])))
                highest++;
            names[numbers[sorted[i]]] = highest;
        }

        return names;

        // Nothing comes after the last piece, so that it equals no other.
        bool IsLast(int start) => numbers[start] == turns.Count - 1;

        // Up to the next turn and with it.
        ReadOnlySpan<int> Piece(int start) => text.AsSpan(start, turns[numbers[start] + 1] - start + 1);
    }
}
