using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RnnLm.Numerics;

namespace RnnLm.Privacy;

/// <summary>Rows that are compared with the training rows: all of them as hashes, and a random sample as texts.</summary>
/// <param name="what">What they are, which the sample depends on.</param>
/// <param name="most">The size of the sample; 0 for all rows.</param>
/// <param name="seed">The seed of the sample.</param>
internal sealed class RowSet(string what, int most, long seed)
{
    // 128 bits of SHA-256: no two different rows are taken for one.
    private readonly Dictionary<UInt128, long> _counts = [];
    private readonly List<string> _sample = [];
    private CounterRandom _random = new((ulong)seed, RowKeyHash.Of(what), RandomPurpose.RowSample);
    private long _copies;
    private int _distinct;

    public long Rows { get; private set; }

    /// <summary>Gets the texts of the sample.</summary>
    public IReadOnlyList<string> Sample => _sample;

    /// <summary>Gets the distance of each row of the sample to its closest training row among those seen.</summary>
    public double[] Distances { get; private set; } = [];

    /// <summary>Gets the longest run of each row of the sample in the training rows seen.</summary>
    public int[] Runs { get; private set; } = [];

    public static UInt128 Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    /// <summary>Adds a row; an empty one is left out.</summary>
    public void Add(string text)
    {
        if (text.Length == 0)
            return;
        Rows++;
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, Hash(text), out _)++;
        if (most == 0 || _sample.Count < most)
        {
            _sample.Add(text);
            return;
        }

        // Each row so far is in the sample with the same probability (Vitter, 1985, algorithm R).
        ulong place = Math.BigMul(_random.NextUInt64(), (ulong)Rows, out _);
        if (place < (ulong)most)
            _sample[(int)place] = text;
    }

    /// <summary>Ends the reading.</summary>
    public void Begin()
    {
        _distinct = _counts.Count;
        Distances = new double[_sample.Count];
        Runs = new int[_sample.Count];
        // Farther than any row can be, so that even one with no character in common is found to be the closest.
        Array.Fill(Distances, double.PositiveInfinity);
    }

    /// <summary>Counts the rows that are a training row.</summary>
    public void CountCopies(UInt128 hash)
    {
        if (_counts.Remove(hash, out long count))
            _copies += count;
    }

    public RowPrivacy Describe(double threshold)
    {
        var distances = new RowDistribution(Distances);
        return new(Rows, _copies, Rows - _distinct, distances.CountUpTo(threshold), distances, new([.. Runs.Select(run => (double)run)]));
    }
}
