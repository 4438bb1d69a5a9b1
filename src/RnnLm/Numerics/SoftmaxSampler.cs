using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RnnLm.Numerics;

/// <summary>
/// Draws tokens from softmax(logits / temperature), in one pass over the logits and free of allocation. Which token a row's uniform number
/// gives depends on that row's logits alone, to the last bit, at every width of vectors.
/// </summary>
internal static unsafe class SoftmaxSampler
{
    // Probabilities are summed in 16 columns, token i in column i mod 16, by whichever width of vectors; so many are put aside on the
    // stack.
    private const int Columns = 16;
    private const int StackLimit = 2048;

    /// <summary>Draws one token for each row.</summary>
    /// <param name="logits">The logits. // [B, V]</param>
    /// <param name="vocabulary">The number of tokens, V.</param>
    /// <param name="temperature">What the logits are divided by, above 0; 0 takes the most likely token, the first of equals.</param>
    /// <param name="uniforms">A number from [0, 1) for each row; not looked at for a temperature of 0.</param>
    /// <param name="tokens">Takes the tokens. // [B]</param>
    /// <exception cref="InvalidOperationException">Logits are NaN or infinite.</exception>
    public static void Sample(ReadOnlySpan<float> logits, int vocabulary, float temperature, ReadOnlySpan<double> uniforms,
        Span<int> tokens)
    {
        if (temperature == 0)
        {
            for (int row = 0; row < tokens.Length; row++)
                tokens[row] = MostLikely(logits.Slice(row * vocabulary, vocabulary));
        }
        else if (Vector512.IsHardwareAccelerated)
        {
            Sample<Simd512, Vector512<float>>(logits, vocabulary, temperature, uniforms, tokens);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Sample<Simd256, Vector256<float>>(logits, vocabulary, temperature, uniforms, tokens);
        }
        else
        {
            Sample<Simd128, Vector128<float>>(logits, vocabulary, temperature, uniforms, tokens);
        }
    }

    /// <summary>Draws one token.</summary>
    public static int Sample(ReadOnlySpan<float> logits, float temperature, double uniform)
    {
        int token = 0;
        Sample(logits, logits.Length, temperature, [uniform], new Span<int>(ref token));
        return token;
    }

    /// <summary>Draws one token for each row, in vectors of a chosen width and at a temperature above 0.</summary>
    [SkipLocalsInit]
    public static void Sample<TSimd, TVector>(ReadOnlySpan<float> logits, int vocabulary, float temperature, ReadOnlySpan<double> uniforms,
    Span<int> tokens)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        _ = logits[..(tokens.Length * vocabulary)];
        _ = uniforms[..tokens.Length];
        int padded = (vocabulary + Columns - 1) / Columns * Columns;
        float[]? rented = padded > StackLimit ? ArrayPool<float>.Shared.Rent(padded) : null;
        Span<float> buffer = rented ?? stackalloc float[StackLimit];
        fixed (float* x = logits, sums = buffer)
        {
            // Several rows are summed, then all are drawn from: one draw waits on itself all along, but the processor goes through several
            // at once.
            int rows = buffer.Length / padded;
            for (int row = 0; row < tokens.Length; row++)
            {
                Accumulate<TSimd, TVector>(x + ((nint)row * vocabulary), vocabulary, 1 / temperature, sums + (row % rows * padded));
                if ((row + 1) % rows != 0 && row + 1 < tokens.Length)
                    continue;
                for (int drawn = row / rows * rows; drawn <= row; drawn++)
                    tokens[drawn] = Draw(sums + (drawn % rows * padded), padded, uniforms[drawn]);
            }
        }

        if (rented is not null)
            ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>Writes, for each token, the sum of the weights of its column up to it. // [V padded to columns]</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate<TSimd, TVector>(float* logits, int count, float scale, float* sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // The last logits, less than a row of columns, are read from a padded copy, which their sums then replace.
        int whole = count / Columns * Columns, padded = whole;
        if (whole < count)
        {
            padded += Columns;
            for (int i = whole; i < padded; i += 4)
                Vector128.Create(float.NegativeInfinity).Store(sums + i);
            for (int i = whole; i < count; i++)
                sums[i] = logits[i];
        }

        TVector most = TSimd.Create(float.NegativeInfinity), factor = TSimd.Create(scale);
        for (int i = 0; i < padded; i += TSimd.Lanes)
            most = TSimd.Max(most, TSimd.Load(i < whole ? logits + i : sums + i));
        most = TSimd.Create(Largest<TSimd, TVector>(most));
        for (int j = 0; j < Columns; j += TSimd.Lanes)
        {
            TVector sum = default;
            for (int i = j; i < padded; i += Columns)
            {
                TVector x = TSimd.Load(i < whole ? logits + i : sums + i);
                sum = TSimd.Add(sum, VectorMath.Exp<TSimd, TVector>(TSimd.Multiply(TSimd.Subtract(x, most), factor)));
                TSimd.Store(sum, sums + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest<TSimd, TVector>(TVector values)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        float* each = (float*)&values;
        Vector128<float> most = Vector128.Load(each);
        for (int i = 4; i < TSimd.Lanes; i += 4)
            most = Vector128.MaxNative(most, Vector128.Load(each + i));
        most = Vector128.MaxNative(most, Vector128.Shuffle(most, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(most, Vector128.Shuffle(most, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <summary>
    /// Finds the token at which the running sum passes the uniform share of the whole: first which quarter of the columns, those alike
    /// modulo 4, then which column of it, then which token of that, counting the ends passed rather than branching at each.
    /// </summary>
    /// <param name="sums">The sum of the weights of a column up to each token. // [V padded to columns]</param>
    /// <param name="padded">The number of sums.</param>
    /// <param name="uniform">A number from [0, 1).</param>
    [SkipLocalsInit]
    private static int Draw(float* sums, int padded, double uniform)
    {
        float* last = sums + padded - Columns;
        float* starts = stackalloc float[Columns];
        Vector128<float> quarters = default;
        for (int i = 0; i < Columns; i += 4)
        {
            quarters.Store(starts + i);
            quarters += Vector128.Load(last + i);
        }

        float* firsts = stackalloc float[4];
        firsts[0] = 0;
        firsts[1] = quarters[0];
        firsts[2] = firsts[1] + quarters[1];
        firsts[3] = firsts[2] + quarters[2];
        float total = firsts[3] + quarters[3];
        if (!float.IsFinite(total))
            throw Softmax.NotFinite();
        float rest = (float)(uniform * total);
        int quarter = Reaches(rest, firsts[1]) + Reaches(rest, firsts[2]) + Reaches(rest, firsts[3]);
        rest -= firsts[quarter];
        starts += quarter;
        int group = Reaches(rest, starts[4]) + Reaches(rest, starts[8]) + Reaches(rest, starts[12]);
        rest -= starts[4 * group];

        int token = (4 * group) + quarter;
        for (float* end = sums + token; end < sums + padded; end += Columns)
            token += Columns * Reaches(rest, *end);
        return token < padded ? token : LastWithWeight(sums, padded, token % Columns);
    }

    /// <summary>Returns 1 where a number reaches an end and else 0. Neither is negative, and such floats are in the order of their
    /// bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Reaches(float rest, float end) =>
    1 + ((BitConverter.SingleToInt32Bits(rest) - BitConverter.SingleToInt32Bits(end)) >> 31);

    /// <summary>Rounding may carry the rest past a column's end: then its last token of some weight is meant, or, where it has none, the
    /// likeliest of all.</summary>
    private static int LastWithWeight(float* sums, int padded, int column)
    {
        for (int token = padded - Columns + column; token >= 0; token -= Columns)
        {
            if (Weight(token) > 0)
                return token;
        }

        int best = 0;
        for (int token = 1; token < padded; token++)
            best = Weight(token) > Weight(best) ? token : best;
        return best;

        float Weight(int token) => token < Columns ? sums[token] : sums[token] - sums[token - Columns];
    }

    private static int MostLikely(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
                best = i;
        }

        return best;
    }
}
