using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RnnLm.Privacy;

/// <summary>
/// Finds the closest of many rows. Rows are tried from the most like length on, and those whose length or whose characters, however
/// ordered, put them too far away are passed over, so that few distances are counted; what is found is the closest of all.
/// </summary>
internal sealed class NearestRows
{
    // How often each character occurs, characters put together in so many bins, up to 255.
    private static readonly int Bins = Vector256<byte>.Count;

    private readonly int[] _text;
    private readonly int[] _starts, _lengths, _groups;
    private readonly byte[] _bags;
    private readonly int[] _bagSizes;

    /// <param name="text">The characters of all rows as numbers, each row ended by a 0.</param>
    /// <param name="starts">Where each row begins.</param>
    public NearestRows(int[] text, int[] starts)
    {
        _text = text;
        _starts = starts;
        _lengths = new int[starts.Length];
        for (int row = 0; row < starts.Length; row++)
            _lengths[row] = (row + 1 < starts.Length ? starts[row + 1] : text.Length) - starts[row] - 1;
        Array.Sort(_lengths, _starts);
        _groups = [.. Enumerable.Range(0, starts.Length).Where(row => row == 0 || _lengths[row] != _lengths[row - 1]), starts.Length];
        _bags = new byte[starts.Length * Bins];
        _bagSizes = new int[starts.Length];
        for (int row = 0; row < starts.Length; row++)
            _bagSizes[row] = Count(Row(row), _bags.AsSpan(row * Bins, Bins));
    }

    /// <summary>Returns the distance to the closest row, over the length of the longer of the two.</summary>
    /// <param name="text">The text that rows are to be close to.</param>
    /// <param name="best">The distance of the closest row that is known.</param>
    public double Find(EditDistance text, double best)
    {
        int length = text.Length;
        Span<byte> counts = stackalloc byte[Bins];
        counts.Clear();
        int size = Count(text.Text, counts);
        Vector256<byte> bag = Vector256.Create<byte>(counts);
        int longer = FirstGroup(length), shorter = longer - 1;
        while (true)
        {
            // The closest that rows of these lengths can be.
            double above = longer < _groups.Length - 1 ? 1 - (length / (double)GroupLength(longer)) : double.PositiveInfinity;
            double below = shorter >= 0 ? 1 - (GroupLength(shorter) / (double)length) : double.PositiveInfinity;
            // Less by more than the error of a division.
            if (Math.Min(above, below) >= best + 1e-12)
                return best;
            int group = above <= below ? longer++ : shorter--;
            best = FindInGroup(text, group, bag, size, best);
            if (best == 0)
                return 0;
        }
    }

    private double FindInGroup(EditDistance text, int group, Vector256<byte> bag, int size, double best)
    {
        int longest = Math.Max(text.Length, GroupLength(group));
        int most = Below(best, longest);
        ref byte bags = ref MemoryMarshal.GetArrayDataReference(_bags);
        for (int row = _groups[group]; row < _groups[group + 1]; row++)
        {
            Vector256<byte> union = Vector256.Max(bag, Vector256.LoadUnsafe(ref bags, (nuint)(row * Bins)));
            (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(union);
            // Characters that one of the two has and the other lacks must be changed.
            if (Vector256.Sum(low + high) - Math.Min(size, _bagSizes[row]) > most)
                continue;
            int distance = text.To(Row(row), most);
            if (distance > most)
                continue;
            best = distance / (double)longest;
            most = distance - 1;
            if (most < 0)
                break;
        }

        return best;
    }

    /// <summary>Returns the greatest number of changes that is closer than a distance.</summary>
    private static int Below(double best, int longest)
    {
        if (double.IsPositiveInfinity(best))
            return longest;
        int most = (int)Math.Round(best * longest) + 1;
        while (most / (double)longest >= best)
            most--;
        return most;
    }

    private static int Count(ReadOnlySpan<int> text, Span<byte> bag)
    {
        foreach (int id in text)
        {
            // Characters that no compared row has are in a bin of their own.
            int bin = id == 0 ? 0 : 1 + (id % (Bins - 1));
            if (bag[bin] < byte.MaxValue)
                bag[bin]++;
        }

        int size = 0;
        foreach (byte count in bag)
            size += count;
        return size;
    }

    private ReadOnlySpan<int> Row(int row) => _text.AsSpan(_starts[row], _lengths[row]);

    private int GroupLength(int group) => _lengths[_groups[group]];

    private int FirstGroup(int length)
    {
        int low = 0, high = _groups.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (GroupLength(middle) < length)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
