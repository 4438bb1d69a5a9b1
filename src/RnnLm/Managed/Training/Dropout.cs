using System.Numerics;
using System.Runtime.Intrinsics;

namespace RnnLm.Managed.Training;

/// <summary>
/// Inverted dropout: elements are set to zero with probability p, the others divided by 1 - p. Whether an element is dropped is a pure
/// function of the seed, the step, the place in the network and the element, so the way back asks again instead of remembering, and a
/// resumed training drops the same.
/// </summary>
/// <param name="probability">p.</param>
/// <param name="site">The place in the network.</param>
internal sealed unsafe class Dropout<T>(double probability, int site)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly uint _threshold = (uint)Math.Min(probability * 4294967296.0, uint.MaxValue);
    private readonly T _scale = T.CreateTruncating(1 / (1 - probability));
    private uint _key;
    private uint _secondKey;

    /// <summary>Gets whether anything is dropped.</summary>
    public bool Active => _threshold > 0;

    /// <summary>Chooses the mask of a step.</summary>
    public void Begin(ulong seed, long step)
    {
        ulong key = Mix(Mix(Mix(seed) + (ulong)step) + (ulong)site);
        (_key, _secondKey) = ((uint)key, (uint)(key >> 32));
    }

    /// <summary>Applies the mask to rows.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="destination">Takes the first row; may be the source.</param>
    /// <param name="stride">The distance of two rows of both.</param>
    /// <param name="first">The number of the first row within the batch.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns, padding included.</param>
    public void Apply(T* source, T* destination, nint stride, int first, int rows, int columns)
    {
        const int Lanes = 8;
        uint* hashes = stackalloc uint[Lanes];
        for (int row = 0; row < rows; row++, source += stride, destination += stride)
        {
            uint element = (uint)(first + row) * (uint)columns;
            for (int j = 0; j < columns; j += Lanes)
            {
                Hash(element + (uint)j).Store(hashes);
                for (int lane = 0; lane < Lanes; lane++)
                    destination[j + lane] = hashes[lane] < _threshold ? T.Zero : source[j + lane] * _scale;
            }
        }
    }

    /// <summary>Hashes eight successive numbers with the key: the rounds of Wellons' lowbias32, the second half of the key between
    /// them.</summary>
    private Vector256<uint> Hash(uint first)
    {
        Vector256<uint> x = ((Vector256.Create(first) + Vector256<uint>.Indices) * Vector256.Create(0x9E3779B9u)) + Vector256.Create(_key);
        x = (x ^ (x >>> 16)) * Vector256.Create(0x7FEB352Du);
        x = ((x ^ (x >>> 15)) + Vector256.Create(_secondKey)) * Vector256.Create(0x846CA68Bu);
        return x ^ (x >>> 16);
    }

    /// <summary>The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).</summary>
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
