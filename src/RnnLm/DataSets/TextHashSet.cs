using RnnLm.Numerics;

namespace RnnLm.DataSets;

/// <summary>
/// Which texts there were, as 64-bit hashes, at 10 to 15 bytes each. What is in the set is always found. Of n texts, another one is taken
/// for one of them
/// with the probability n / 2^64, 5e-13 for ten million: it is then written anew without need, and nothing else is lost.
/// </summary>
internal sealed class TextHashSet
{
    // Each part grows by itself, and is small enough to be moved and given back: the whole never stands in memory twice.
    private const int PartBits = 12, LeastCapacity = 8;
    private const ulong Empty = 0;

    private readonly ulong[]?[] _parts = new ulong[]?[1 << PartBits];
    private readonly int[] _counts = new int[1 << PartBits];

    /// <summary>Gets the number of hashes.</summary>
    public long Count { get; private set; }

    /// <summary>Returns the hash of a text, or of one that follows others.</summary>
    /// <param name="text">The text.</param>
    /// <param name="before">The hash of those before it.</param>
    public static ulong Hash(ReadOnlySpan<char> text, ulong before = 0) =>
        CounterRandom.Mix(RowKeyHash.Of(text) + CounterRandom.Mix(before));

    public bool Contains(ulong hash)
    {
        hash = NotEmpty(hash);
        return _parts[Part(hash)] is { } slots && slots[Find(slots, hash)] == hash;
    }

    /// <summary>Adds a hash.</summary>
    /// <returns>Whether it was not there.</returns>
    public bool Add(ulong hash)
    {
        hash = NotEmpty(hash);
        int part = Part(hash);
        ulong[] slots = _parts[part] ??= new ulong[LeastCapacity];
        int slot = Find(slots, hash);
        if (slots[slot] == hash)
            return false;
        slots[slot] = hash;
        Count++;
        if (++_counts[part] > slots.Length * 4 / 5)
            _parts[part] = Grow(slots);
        return true;
    }

    private static ulong[] Grow(ulong[] slots)
    {
        var larger = new ulong[slots.Length * 3 / 2];
        foreach (ulong hash in slots)
        {
            if (hash != Empty)
                larger[Find(larger, hash)] = hash;
        }

        return larger;
    }

    /// <summary>Returns where a hash is, or where it would be.</summary>
    private static int Find(ulong[] slots, ulong hash)
    {
        int slot = (int)Math.BigMul(hash << PartBits, (ulong)slots.Length, out _);
        while (slots[slot] != hash && slots[slot] != Empty)
            slot = slot + 1 == slots.Length ? 0 : slot + 1;
        return slot;
    }

    private static int Part(ulong hash) => (int)(hash >> (64 - PartBits));

    private static ulong NotEmpty(ulong hash) => hash == Empty ? 1 : hash;
}
