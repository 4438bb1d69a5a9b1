using RnnLm.Diagnostics;
using RnnLm.Numerics;

namespace RnnLm.Data;

/// <summary>A set of hashes in little memory, which may take a hash that is not in it for one that is (Bloom, 1970), never the other way
/// round.</summary>
internal sealed class BloomFilter
{
    private const long MostBits = 1L << 33;   // 1 GiB

    /// <param name="words">The bits.</param>
    /// <param name="hashes">The number of bits that a member sets.</param>
    public BloomFilter(ulong[] words, int hashes) => (Words, Hashes) = (words, hashes);

    public ulong[] Words { get; }

    public int Hashes { get; }

    /// <summary>Makes an empty set.</summary>
    /// <param name="capacity">The number of members to be added.</param>
    /// <param name="falsePositiveRate">The probability of a false positive once so many are added.</param>
    /// <exception cref="TextDataException">It would be larger than 1 GiB.</exception>
    public static BloomFilter Create(long capacity, double falsePositiveRate)
    {
        double bits = Math.Max(64, BitsEach(falsePositiveRate) * capacity);
        if (bits > MostBits)
        {
            throw new TextDataException($"the filter of the training text would take {bits / 8 / (1 << 30):N1} GiB; at most 1 is possible. "
                + $"Train without {OptionIds.KeepTextFilter}.");
        }

        return new BloomFilter(new ulong[(long)Math.Ceiling(bits / 64)], HashesFor(falsePositiveRate));
    }

    /// <summary>Returns the number of bits that a member sets, so that a set is smallest for its rate of false positives.</summary>
    public static int HashesFor(double falsePositiveRate) => Math.Max(1, (int)Math.Round(BitsEach(falsePositiveRate) * Math.Log(2)));

    public void Add(ulong hash)
    {
        ulong step = Step(hash);
        for (int i = 0; i < Hashes; i++, hash += step)
            Word(hash, out ulong mask) |= mask;
    }

    public bool Contains(ulong hash)
    {
        ulong step = Step(hash);
        for (int i = 0; i < Hashes; i++, hash += step)
        {
            if ((Word(hash, out ulong mask) & mask) == 0)
                return false;
        }

        return true;
    }

    private static double BitsEach(double falsePositiveRate) => -Math.Log(falsePositiveRate) / (Math.Log(2) * Math.Log(2));

    /// <summary>All hashes of a member are made of two (Kirsch and Mitzenmacher, 2006).</summary>
    private static ulong Step(ulong hash) => CounterRandom.Mix(hash ^ 0x6A09E667F3BCC909) | 1;

    private ref ulong Word(ulong hash, out ulong mask)
    {
        // The high half of a product: a place among the bits, without a division.
        ulong bit = Math.BigMul(hash, (ulong)Words.Length * 64, out _);
        mask = 1UL << (int)(bit % 64);
        return ref Words[bit / 64];
    }
}
