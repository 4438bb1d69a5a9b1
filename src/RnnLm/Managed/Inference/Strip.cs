using System.Runtime.CompilerServices;
using RnnLm.Numerics;

namespace RnnLm.Managed.Inference;

/// <summary>One to four vectors side by side: the width of a register tile. A kernel written over a strip is compiled for each width, its
/// fields in registers.</summary>
internal unsafe interface IStrip<TStrip>
    where TStrip : unmanaged, IStrip<TStrip>
{
    /// <summary>Gets the number of floats.</summary>
    static abstract int Width { get; }

    static abstract TStrip Load(float* source);

    /// <summary>Returns sum + x · weights, x being one number for all lanes.</summary>
    static abstract TStrip Accumulate(TStrip sum, TStrip weights, float x);

    void Store(float* destination);
}

/// <summary>One vector.</summary>
internal unsafe struct Strip1<TSimd, TVector> : IStrip<Strip1<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private TVector _a;

    public static int Width => TSimd.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip1<TSimd, TVector> Load(float* source)
    {
        Strip1<TSimd, TVector> strip;
        strip._a = TSimd.Load(source);
        return strip;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip1<TSimd, TVector> Accumulate(Strip1<TSimd, TVector> sum, Strip1<TSimd, TVector> weights, float x)
    {
        sum._a = TSimd.FusedMultiplyAdd(TSimd.Create(x), weights._a, sum._a);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination) => TSimd.Store(_a, destination);
}

/// <summary>Two vectors.</summary>
internal unsafe struct Strip2<TSimd, TVector> : IStrip<Strip2<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private TVector _a;
    private TVector _b;

    public static int Width => 2 * TSimd.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip2<TSimd, TVector> Load(float* source)
    {
        Strip2<TSimd, TVector> strip;
        strip._a = TSimd.Load(source);
        strip._b = TSimd.Load(source + TSimd.Lanes);
        return strip;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip2<TSimd, TVector> Accumulate(Strip2<TSimd, TVector> sum, Strip2<TSimd, TVector> weights, float x)
    {
        TVector all = TSimd.Create(x);
        sum._a = TSimd.FusedMultiplyAdd(all, weights._a, sum._a);
        sum._b = TSimd.FusedMultiplyAdd(all, weights._b, sum._b);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination)
    {
        TSimd.Store(_a, destination);
        TSimd.Store(_b, destination + TSimd.Lanes);
    }
}

/// <summary>Three vectors.</summary>
internal unsafe struct Strip3<TSimd, TVector> : IStrip<Strip3<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private TVector _a;
    private TVector _b;
    private TVector _c;

    public static int Width => 3 * TSimd.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip3<TSimd, TVector> Load(float* source)
    {
        Strip3<TSimd, TVector> strip;
        strip._a = TSimd.Load(source);
        strip._b = TSimd.Load(source + TSimd.Lanes);
        strip._c = TSimd.Load(source + (2 * TSimd.Lanes));
        return strip;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip3<TSimd, TVector> Accumulate(Strip3<TSimd, TVector> sum, Strip3<TSimd, TVector> weights, float x)
    {
        TVector all = TSimd.Create(x);
        sum._a = TSimd.FusedMultiplyAdd(all, weights._a, sum._a);
        sum._b = TSimd.FusedMultiplyAdd(all, weights._b, sum._b);
        sum._c = TSimd.FusedMultiplyAdd(all, weights._c, sum._c);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination)
    {
        TSimd.Store(_a, destination);
        TSimd.Store(_b, destination + TSimd.Lanes);
        TSimd.Store(_c, destination + (2 * TSimd.Lanes));
    }
}

/// <summary>Four vectors.</summary>
internal unsafe struct Strip4<TSimd, TVector> : IStrip<Strip4<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private TVector _a;
    private TVector _b;
    private TVector _c;
    private TVector _d;

    public static int Width => 4 * TSimd.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip4<TSimd, TVector> Load(float* source)
    {
        Strip4<TSimd, TVector> strip;
        strip._a = TSimd.Load(source);
        strip._b = TSimd.Load(source + TSimd.Lanes);
        strip._c = TSimd.Load(source + (2 * TSimd.Lanes));
        strip._d = TSimd.Load(source + (3 * TSimd.Lanes));
        return strip;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip4<TSimd, TVector> Accumulate(Strip4<TSimd, TVector> sum, Strip4<TSimd, TVector> weights, float x)
    {
        TVector all = TSimd.Create(x);
        sum._a = TSimd.FusedMultiplyAdd(all, weights._a, sum._a);
        sum._b = TSimd.FusedMultiplyAdd(all, weights._b, sum._b);
        sum._c = TSimd.FusedMultiplyAdd(all, weights._c, sum._c);
        sum._d = TSimd.FusedMultiplyAdd(all, weights._d, sum._d);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination)
    {
        TSimd.Store(_a, destination);
        TSimd.Store(_b, destination + TSimd.Lanes);
        TSimd.Store(_c, destination + (2 * TSimd.Lanes));
        TSimd.Store(_d, destination + (3 * TSimd.Lanes));
    }
}
