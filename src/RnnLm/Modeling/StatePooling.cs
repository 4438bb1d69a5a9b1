using System.Numerics.Tensors;

namespace RnnLm.Modeling;

/// <summary>
/// Makes one vector of the hidden states of a text, one state after the other, in float. Training pools by itself: it keeps where each
/// maximum was, for the gradient.
/// </summary>
internal static class StatePooling
{
    /// <summary>Takes in a state.</summary>
    /// <param name="pooling">How states become one.</param>
    /// <param name="state">The state. // [H]</param>
    /// <param name="before">The number of states that were taken in before it.</param>
    /// <param name="pooled">What they have become so far; not read where there are none. // [H]</param>
    public static void Add(Pooling pooling, ReadOnlySpan<float> state, int before, Span<float> pooled)
    {
        if (before == 0 || pooling == Pooling.Last)
            state.CopyTo(pooled);
        else if (pooling == Pooling.Max)
            TensorPrimitives.Max(pooled, state, pooled);
        else
            TensorPrimitives.Add(pooled, state, pooled);
    }

    /// <summary>Ends a text.</summary>
    /// <param name="pooling">How states become one.</param>
    /// <param name="count">The number of states that were taken in.</param>
    /// <param name="pooled">What they have become; takes the result. // [H]</param>
    public static void Finish(Pooling pooling, int count, Span<float> pooled)
    {
        if (pooling == Pooling.Mean)
            TensorPrimitives.Divide(pooled, count, pooled);
    }
}
