using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RnnLm.Numerics;

/// <summary>
/// Probabilities of logits, summed in one order, so that the same logits give the same bits at every width of vectors. Two loops have a
/// softmax of their own for speed, each in one pass with what it is for: <see cref="SoftmaxSampler"/> draws, and training's cross-entropy
/// makes a gradient of it.
/// </summary>
internal static unsafe class Softmax
{
    /// <summary>Exponentials are summed in so many columns, element i in column i mod 16, by whichever width of vectors.</summary>
    private const int Columns = 16;

    /// <summary>Returns the logarithm of the sum of the exponentials of the logits: a logit less this is a log-probability.</summary>
    /// <param name="logits">The logits. // [V]</param>
    /// <exception cref="InvalidOperationException">The logits are not finite numbers.</exception>
    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        float most = Max(logits);
        double sum = Vector512.IsHardwareAccelerated ? SumExp<Simd512, Vector512<float>>(logits, most)
            : Vector256.IsHardwareAccelerated ? SumExp<Simd256, Vector256<float>>(logits, most)
            : SumExp<Simd128, Vector128<float>>(logits, most);
        return most + Math.Log(sum);
    }

    /// <summary>Returns the largest logit.</summary>
    /// <exception cref="InvalidOperationException">A logit is not a number, or none is finite.</exception>
    public static float Max(ReadOnlySpan<float> logits)
    {
        float most = TensorPrimitives.Max(logits);
        return float.IsFinite(most) ? most : throw NotFinite();
    }

    /// <summary>Writes e^(scale · (x - largest)) for each logit: its probability, but for a factor that all have.</summary>
    /// <param name="logits">The logits. // [V]</param>
    /// <param name="scale">What they are multiplied by: one over the temperature.</param>
    /// <param name="weights">Takes the result; may be <paramref name="logits"/>. // [V]</param>
    /// <exception cref="InvalidOperationException">A logit is not a number, or none is finite.</exception>
    public static void Weights(ReadOnlySpan<float> logits, float scale, Span<float> weights)
    {
        TensorPrimitives.Subtract(logits, Max(logits), weights);
        TensorPrimitives.Multiply(weights, scale, weights);
        VectorMath.Exp(weights, weights);
    }

    /// <summary>Turns logits into their probabilities.</summary>
    /// <param name="logits">The logits; takes the result. // [V]</param>
    /// <exception cref="InvalidOperationException">A logit is not a number, or none is finite.</exception>
    public static void Normalize(Span<float> logits)
    {
        Weights(logits, 1, logits);
        float sum = 0;
        foreach (float weight in logits)
            sum += weight;
        TensorPrimitives.Divide(logits, sum, logits);
    }

    /// <summary>Returns what is wrong where a model's output is not a number.</summary>
    public static InvalidOperationException NotFinite() => new(
        "The model's output is not a finite number: its weights are damaged, or its training diverged. Train it anew with a lower learning "
        + "rate.");

    /// <summary>Returns the sum of e^(x - most), in vectors of a chosen width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double SumExp<TSimd, TVector>(ReadOnlySpan<float> x, float most)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        int whole = x.Length / Columns * Columns;
        float* rest = stackalloc float[Columns], columns = stackalloc float[Columns];
        new Span<float>(rest, Columns).Fill(float.NegativeInfinity);
        x[whole..].CopyTo(new Span<float>(rest, Columns));
        TVector largest = TSimd.Create(most);
        fixed (float* source = x)
        {
            for (int j = 0; j < Columns; j += TSimd.Lanes)
            {
                TVector sum = VectorMath.Exp<TSimd, TVector>(TSimd.Subtract(TSimd.Load(rest + j), largest));
                for (int i = j; i < whole; i += Columns)
                    sum = TSimd.Add(sum, VectorMath.Exp<TSimd, TVector>(TSimd.Subtract(TSimd.Load(source + i), largest)));
                TSimd.Store(sum, columns + j);
            }
        }

        double total = 0;
        for (int j = 0; j < Columns; j++)
            total += columns[j];
        return total;
    }
}
