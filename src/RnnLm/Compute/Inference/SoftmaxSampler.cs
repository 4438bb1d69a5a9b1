using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RnnLm;

/// <summary>
/// Draws tokens from softmax(logits / temperature), in one pass over the logits and free of allocation. Which token a row's uniform number gives
/// depends on that row's logits alone, to the last bit, at every width of vectors.
/// </summary>
internal static unsafe class SoftmaxSampler
{
    // Probabilities are summed in 16 columns, token i in column i mod 16, by whichever width of vectors; so many logits are put aside on the stack.
    private const int Columns = 16;
    private const int StackLimit = 2048;

    /// <summary>Draws one token for each row.</summary>
    /// <param name="logits">The logits. // [B, V]</param>
    /// <param name="vocabulary">The number of tokens, V.</param>
    /// <param name="temperature">What the logits are divided by, above 0; 0 takes the most likely token, the first of equals.</param>
    /// <param name="uniforms">A number from [0, 1) for each row; not looked at for a temperature of 0.</param>
    /// <param name="tokens">Takes the tokens. // [B]</param>
    /// <exception cref="InvalidOperationException">Logits are NaN or infinite.</exception>
    public static void Sample(ReadOnlySpan<float> logits, int vocabulary, float temperature, ReadOnlySpan<double> uniforms, Span<int> tokens)
    {
        for (int row = 0; row < tokens.Length; row++)
        {
            ReadOnlySpan<float> x = logits.Slice(row * vocabulary, vocabulary);
            tokens[row] = temperature == 0 ? MostLikely(x) : Sample(x, temperature, uniforms[row]);
        }
    }

    /// <summary>Draws one token.</summary>
    public static int Sample(ReadOnlySpan<float> logits, float temperature, double uniform)
    {
        if (Vector512.IsHardwareAccelerated)
            return Sample<Simd512, Vector512<float>>(logits, temperature, uniform);
        return Vector256.IsHardwareAccelerated
            ? Sample<Simd256, Vector256<float>>(logits, temperature, uniform)
            : Sample<Simd128, Vector128<float>>(logits, temperature, uniform);
    }

    /// <summary>Draws one token, in vectors of a chosen width.</summary>
    public static int Sample<TSimd, TVector>(ReadOnlySpan<float> logits, float temperature, double uniform)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        int padded = (logits.Length + Columns - 1) / Columns * Columns;
        if (padded > StackLimit)
        {
            float[] rented = System.Buffers.ArrayPool<float>.Shared.Rent(padded);
            fixed (float* p = rented)
            {
                int token = Sample<TSimd, TVector>(logits, padded, temperature, uniform, p);
                System.Buffers.ArrayPool<float>.Shared.Return(rented);
                return token;
            }
        }

        float* weights = stackalloc float[padded];
        return Sample<TSimd, TVector>(logits, padded, temperature, uniform, weights);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static int Sample<TSimd, TVector>(ReadOnlySpan<float> logits, int padded, float temperature, double uniform, float* weights)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        logits.CopyTo(new Span<float>(weights, logits.Length));
        new Span<float>(weights + logits.Length, padded - logits.Length).Fill(float.NegativeInfinity);
        float* columns = stackalloc float[Columns];
        TVector most = Most<TSimd, TVector>(weights, padded, columns), scale = TSimd.Create(1 / temperature);
        for (int j = 0; j < Columns; j += TSimd.Lanes)
        {
            TVector sum = default;
            for (int i = j; i < padded; i += Columns)
            {
                TVector weight = VectorMath.Exp<TSimd, TVector>(TSimd.Multiply(TSimd.Subtract(TSimd.Load(weights + i), most), scale));
                TSimd.Store(weight, weights + i);
                sum = TSimd.Add(sum, weight);
            }

            TSimd.Store(sum, columns + j);
        }

        return Draw(weights, padded, columns, uniform);
    }

    /// <summary>Returns the largest logit in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Most<TSimd, TVector>(float* x, int padded, float* columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector most = TSimd.Load(x);
        for (int i = TSimd.Lanes; i < padded; i += TSimd.Lanes)
        {
            TVector next = TSimd.Load(x + i);
            most = TSimd.IfLess(most, next, next, most);
        }

        TSimd.Store(most, columns);
        float largest = columns[0];
        for (int i = 1; i < TSimd.Lanes; i++)
            largest = columns[i] > largest ? columns[i] : largest;
        return TSimd.Create(largest);
    }

    /// <summary>Finds the token at which the running sum of the weights, column by column, passes the uniform share of the whole.</summary>
    private static int Draw(float* weights, int padded, float* columns, double uniform)
    {
        double total = 0;
        for (int j = 0; j < Columns; j++)
            total += columns[j];
        if (!double.IsFinite(total))
            throw new InvalidOperationException("The model's logits are not finite numbers, so nothing can be drawn. Its weights are damaged, or training diverged.");
        double rest = uniform * total;
        int column = 0;
        while (column < Columns - 1 && rest >= columns[column])
            rest -= columns[column++];
        // Rounding may leave a little: then the last token of some weight is it.
        int last = -1;
        for (int i = column; i < padded; i += Columns)
        {
            if (weights[i] > 0)
                last = i;
            rest -= weights[i];
            if (rest < 0)
                return i;
        }

        return last >= 0 ? last : Heaviest(weights, padded);
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

    private static int Heaviest(float* weights, int padded) => MostLikely(new ReadOnlySpan<float>(weights, padded));
}
