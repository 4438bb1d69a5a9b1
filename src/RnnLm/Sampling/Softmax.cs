using System.Numerics.Tensors;

namespace RnnLm;

/// <summary>Sums of exponentials in one fixed order, so that the same logits give the same bits anywhere.</summary>
internal static class Softmax
{
    /// <summary>Returns the logarithm of the sum of the exponentials of the logits: a logit less this is a log-probability.</summary>
    /// <param name="logits">The logits. // [V]</param>
    /// <param name="scratch">Is overwritten. // [V]</param>
    public static double LogSumExp(ReadOnlySpan<float> logits, Span<float> scratch)
    {
        float most = Max(logits);
        TensorPrimitives.Subtract(logits, most, scratch);
        VectorMath.Exp(scratch, scratch);
        return most + Math.Log(Sum(scratch));
    }

    /// <summary>Returns the largest logit.</summary>
    /// <exception cref="InvalidOperationException">A logit is not a number, or none is finite.</exception>
    public static float Max(ReadOnlySpan<float> logits)
    {
        float most = TensorPrimitives.Max(logits);
        return float.IsFinite(most)
            ? most
            : throw new InvalidOperationException("The model's output is not a finite number: its weights are damaged, or its training diverged. Train it anew with a lower learning rate.");
    }

    public static double Sum(ReadOnlySpan<float> values)
    {
        double a = 0, b = 0, c = 0, d = 0;
        int i = 0;
        for (; i <= values.Length - 4; i += 4)
        {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }

        for (; i < values.Length; i++)
            a += values[i];
        return (a + b) + (c + d);
    }
}
