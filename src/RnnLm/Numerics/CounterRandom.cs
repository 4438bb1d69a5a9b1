using System.Runtime.CompilerServices;

namespace RnnLm.Numerics;

/// <summary>
/// A counter-based random generator, Philox4x32-10 (Salmon et al., Parallel random numbers: as easy as 1, 2, 3, 2011): its n-th number is a
/// pure function of seed, purpose, sequence and n. So what is drawn for one row depends on nothing that is drawn for others.
/// </summary>
internal struct CounterRandom
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    private readonly ulong _key, _sequence;
    private ulong _block;
    private Words _words;
    private int _used;

    /// <param name="seed">The seed of all randomness.</param>
    /// <param name="sequence">Which sequence: a row, an epoch, a tensor.</param>
    /// <param name="purpose">What for: one of <see cref="RandomPurpose"/>.</param>
    public CounterRandom(ulong seed, ulong sequence, uint purpose)
    {
        // Seeds are often 1, 2, 3 and purposes too: mixed, no two of their pairs share a key in practice.
        _key = Mix(seed ^ Mix(purpose + 0x9E3779B97F4A7C15));
        _sequence = sequence;
        _used = 4;
    }

    /// <summary>Gets the number of 32-bit words drawn. Setting it goes to that place of the sequence.</summary>
    public ulong Position
    {
        readonly get => (_block * 4) - (ulong)(4 - _used);
        set
        {
            (_block, _used) = (value / 4, 4);
            for (ulong i = 0; i < value % 4; i++)
                NextUInt32();
        }
    }

    public uint NextUInt32()
    {
        if (_used == 4)
        {
            _words = Block(new Words { A = (uint)_block, B = (uint)(_block >> 32), C = (uint)_sequence, D = (uint)(_sequence >> 32) },
                (uint)_key, (uint)(_key >> 32));
            _block++;
            _used = 0;
        }

        return _used++ switch { 0 => _words.A, 1 => _words.B, 2 => _words.C, _ => _words.D };
    }

    public ulong NextUInt64() => ((ulong)NextUInt32() << 32) | NextUInt32();

    /// <summary>Draws from [0, 1), with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draws a whole number from 0 to <paramref name="bound"/> - 1, each as likely (Lemire, 2019).</summary>
    public int NextInt(int bound)
    {
        ulong product = (ulong)NextUInt32() * (uint)bound;
        if ((uint)product < (uint)bound)
        {
            uint threshold = (uint)(-bound) % (uint)bound;
            while ((uint)product < threshold)
                product = (ulong)NextUInt32() * (uint)bound;
        }

        return (int)(product >> 32);
    }

    /// <summary>Draws from the standard normal distribution (Box and Muller, 1958).</summary>
    public double NextNormal()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Draws two numbers from the standard normal distribution, from as many random words as one takes.</summary>
    public (double First, double Second) NextNormals()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        (double sin, double cos) = Math.SinCos(2 * Math.PI * NextDouble());
        return (radius * cos, radius * sin);
    }

    /// <summary>Mixes the bits of a number (the finaliser of SplitMix64, Steele et al., 2014).</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>One block of Philox4x32-10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Words Block(Words counter, uint key0, uint key1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * counter.A, product1 = (ulong)Multiplier1 * counter.C;
            counter = new Words
            {
                A = (uint)(product1 >> 32) ^ counter.B ^ key0,
                B = (uint)product1,
                C = (uint)(product0 >> 32) ^ counter.D ^ key1,
                D = (uint)product0,
            };
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return counter;
    }

    /// <summary>Four 32-bit words.</summary>
    internal struct Words
    {
        public uint A, B, C, D;
    }
}
