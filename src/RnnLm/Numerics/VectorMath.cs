using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RnnLm.Numerics;

/// <summary>
/// Exponential, logistic function and hyperbolic tangent on vectors of floats, within a few units in the last place over the whole range. A
/// lane gets the same bits at every vector width and in the tail of a span: there is one sequence of fused operations, and the tail runs
/// through it padded.
/// </summary>
internal static unsafe class VectorMath
{
    // 1.5 · 2^23: a float of that size has no fraction bits, so adding it rounds to a whole number.
    private const float Round = 12582912f;
    private const float Log2E = 1.442695f;
    private const float Ln2High = 0.6931472f;
    private const float Ln2Low = -1.9046542e-09f;

    /// <summary>Gets the widest vector that the processor computes on at full speed, in floats: 16, 8 or 4.</summary>
    public static int Lanes => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>Returns e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // Beyond these the result is infinity or zero; NaN stays NaN.
        x = TSimd.Min(TSimd.Create(89f), TSimd.Max(TSimd.Create(-104f), x));
        TVector n = Reduce<TSimd, TVector>(x, out TVector expm1);
        return TSimd.Scale(TSimd.Add(expm1, TSimd.Create(1)), n);
    }

    /// <summary>Returns 1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // With e = exp(-|x|) nothing overflows, and small results keep their precision: e / (1 + e) below zero, 1 / (1 + e) above.
        TVector one = TSimd.Create(1), z = TSimd.Max(TSimd.Create(-104f), TSimd.Subtract(default, TSimd.Abs(x)));
        TVector n = Reduce<TSimd, TVector>(z, out TVector expm1);
        TVector e = TSimd.Scale(TSimd.Add(expm1, one), n);
        return TSimd.Divide(TSimd.IfLess(x, default, e, one), TSimd.Add(e, one));
    }

    /// <summary>Returns the hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // (e^z - 1) / (e^z + 1) for z = 2|x|, by way of e^z - 1, which keeps its precision near zero. From |x| = 10 on the result is 1.
        TVector z = TSimd.Abs(x);
        z = TSimd.Min(TSimd.Create(20f), TSimd.Add(z, z));
        TVector n = Reduce<TSimd, TVector>(z, out TVector expm1);
        TVector one = TSimd.Create(1), power = TSimd.Scale(one, n);
        TVector e = TSimd.FusedMultiplyAdd(power, expm1, TSimd.Subtract(power, one));
        return TSimd.CopySign(TSimd.Divide(e, TSimd.Add(e, TSimd.Create(2))), x);
    }

    /// <summary>Writes e^x for each element.</summary>
    public static void Exp(ReadOnlySpan<float> x, Span<float> destination) => Map<ExpMap>(x, destination);

    /// <summary>Writes 1 / (1 + e^-x) for each element.</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> destination) => Map<SigmoidMap>(x, destination);

    /// <summary>Writes the hyperbolic tangent of each element.</summary>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> destination) => Map<TanhMap>(x, destination);

    /// <summary>Writes a function of each element; <paramref name="destination"/> may be <paramref name="x"/>.</summary>
    public static void Map<TMap>(ReadOnlySpan<float> x, Span<float> destination)
        where TMap : struct, IVectorMap
    {
        if (Vector512.IsHardwareAccelerated)
            Map<TMap, Simd512, Vector512<float>>(x, destination);
        else if (Vector256.IsHardwareAccelerated)
            Map<TMap, Simd256, Vector256<float>>(x, destination);
        else
            Map<TMap, Simd128, Vector128<float>>(x, destination);
    }

    /// <summary>Writes a function of each element, in vectors of a chosen width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<TMap, TSimd, TVector>(ReadOnlySpan<float> x, Span<float> destination)
        where TMap : struct, IVectorMap
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        if (destination.Length < x.Length)
            throw new ArgumentException($"The destination holds {destination.Length} elements, but {x.Length} are needed.",
                nameof(destination));
        fixed (float* source = x, target = destination)
        {
            int i = 0;
            for (; i <= x.Length - TSimd.Lanes; i += TSimd.Lanes)
                TSimd.Store(TMap.Invoke<TSimd, TVector>(TSimd.Load(source + i)), target + i);
            if (i == x.Length)
                return;
            TVector padded = default;
            int rest = (x.Length - i) * sizeof(float);
            Unsafe.CopyBlockUnaligned(&padded, source + i, (uint)rest);
            padded = TMap.Invoke<TSimd, TVector>(padded);
            Unsafe.CopyBlockUnaligned(target + i, &padded, (uint)rest);
        }
    }

    /// <summary>Splits x into n · ln 2 + r with |r| at most ln 2 / 2; returns n, and e^r - 1 within a relative error of 2^-26 before
    /// rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduce<TSimd, TVector>(TVector x, out TVector expm1)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector round = TSimd.Create(Round);
        TVector n = TSimd.Subtract(TSimd.FusedMultiplyAdd(x, TSimd.Create(Log2E), round), round);
        TVector r = TSimd.FusedMultiplyAdd(n, TSimd.Create(-Ln2High), x);
        r = TSimd.FusedMultiplyAdd(n, TSimd.Create(-Ln2Low), r);
        // The polynomial of least maximal error for (e^r - 1 - r) / r², weighted by r, found by iterated least squares.
        TVector q = TSimd.FusedMultiplyAdd(r, TSimd.Create(0.0013946497f), TSimd.Create(0.008366611f));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Create(0.04166628f));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Create(0.16666543f));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Create(0.5f));
        expm1 = TSimd.FusedMultiplyAdd(TSimd.Multiply(r, r), q, r);
        return n;
    }

    /// <summary>A function of one vector.</summary>
    internal interface IVectorMap
    {
        static abstract TVector Invoke<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged;
    }

    internal readonly struct ExpMap : IVectorMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged => Exp<TSimd, TVector>(x);
    }

    internal readonly struct SigmoidMap : IVectorMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged => Sigmoid<TSimd, TVector>(x);
    }

    internal readonly struct TanhMap : IVectorMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged => Tanh<TSimd, TVector>(x);
    }
}
