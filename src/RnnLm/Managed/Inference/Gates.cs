using System.Runtime.CompilerServices;
using RnnLm.Numerics;

namespace RnnLm.Managed.Inference;

/// <summary>What a recurrent cell makes of the sums of its gates, for one vector of units.</summary>
internal unsafe interface IGates
{
    /// <summary>Gets the number of gates of the weights.</summary>
    static abstract int Count { get; }

    /// <summary>Gets the number of sums of a unit: one for each gate, and for a GRU the recurrent part of n, which r multiplies, by
    /// itself.</summary>
    static abstract int Sums { get; }

    /// <summary>Computes the new state.</summary>
    /// <param name="z">The first sum; the others follow at <paramref name="stride"/>.</param>
    /// <param name="stride">The distance between sums.</param>
    /// <param name="hidden">The hidden state before.</param>
    /// <param name="cell">The cell state, replaced by the new one; only an LSTM has it.</param>
    /// <param name="next">Takes the new hidden state.</param>
    static abstract void Apply<TSimd, TVector>(float* z, nint stride, float* hidden, float* cell, float* next)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged;
}

/// <summary>h' = tanh(z).</summary>
internal readonly unsafe struct TanhGates : IGates
{
    public static int Count => 1;

    public static int Sums => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSimd, TVector>(float* z, nint stride, float* hidden, float* cell, float* next)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged => TSimd.Store(VectorMath.Tanh<TSimd, TVector>(TSimd.Load(z)), next);
}

/// <summary>h' = max(z, 0).</summary>
internal readonly unsafe struct ReluGates : IGates
{
    public static int Count => 1;

    public static int Sums => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSimd, TVector>(float* z, nint stride, float* hidden, float* cell, float* next)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector x = TSimd.Load(z);
        TSimd.Store(TSimd.IfLess(x, default, default, x), next);
    }
}

/// <summary>c' = σ(f) c + σ(i) tanh(g), h' = σ(o) tanh(c'), the gates in PyTorch's order i, f, g, o.</summary>
internal readonly unsafe struct LstmGates : IGates
{
    public static int Count => 4;

    public static int Sums => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSimd, TVector>(float* z, nint stride, float* hidden, float* cell, float* next)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector i = VectorMath.Sigmoid<TSimd, TVector>(TSimd.Load(z));
        TVector f = VectorMath.Sigmoid<TSimd, TVector>(TSimd.Load(z + stride));
        TVector g = VectorMath.Tanh<TSimd, TVector>(TSimd.Load(z + (2 * stride)));
        TVector o = VectorMath.Sigmoid<TSimd, TVector>(TSimd.Load(z + (3 * stride)));
        TVector c = TSimd.FusedMultiplyAdd(f, TSimd.Load(cell), TSimd.Multiply(i, g));
        TSimd.Store(c, cell);
        TSimd.Store(TSimd.Multiply(o, VectorMath.Tanh<TSimd, TVector>(c)), next);
    }
}

/// <summary>n = tanh(n_x + σ(r) n_h), h' = n + σ(z) (h - n), the gates in PyTorch's order r, z, n.</summary>
internal readonly unsafe struct GruGates : IGates
{
    public static int Count => 3;

    public static int Sums => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSimd, TVector>(float* z, nint stride, float* hidden, float* cell, float* next)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector r = VectorMath.Sigmoid<TSimd, TVector>(TSimd.Load(z));
        TVector u = VectorMath.Sigmoid<TSimd, TVector>(TSimd.Load(z + stride));
        TVector n = TSimd.FusedMultiplyAdd(r, TSimd.Load(z + (3 * stride)), TSimd.Load(z + (2 * stride)));
        n = VectorMath.Tanh<TSimd, TVector>(n);
        TSimd.Store(TSimd.FusedMultiplyAdd(u, TSimd.Subtract(TSimd.Load(hidden), n), n), next);
    }
}
