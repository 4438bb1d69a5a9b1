using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace RnnLm.Managed.Inference;

/// <summary>
/// The product of rows with one strip of packed weights, z += x · w. Each output is one chain of fused multiply-adds over the inputs in
/// order, whatever the number of rows: a row's bits are the same alone and among others.
/// </summary>
internal static unsafe class StripProduct
{
    /// <summary>The rows of the largest tile: 24 sums and a strip of weights fill the 32 registers of AVX-512 and of Arm; 16 registers hold
    /// half as many.</summary>
    public const int TileRows = 6;

    /// <summary>Returns the number of rows of the tiles that hold so many.</summary>
    public static int RoundUp(int rows) => (rows + TileRows - 1) / TileRows * TileRows;

    private static bool HasManyRegisters => Avx512F.VL.IsSupported || AdvSimd.IsSupported;

    /// <summary>Adds the product of up to <see cref="TileRows"/> rows.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="x">The rows. // [rows, inputs]</param>
    /// <param name="xStride">The distance between rows of <paramref name="x"/>.</param>
    /// <param name="w">The weights. // [inputs, Width]</param>
    /// <param name="z">The sums. // [rows, Width]</param>
    /// <param name="zStride">The distance between rows of <paramref name="z"/>.</param>
    public static void Accumulate<TStrip>(int rows, int inputs, float* x, nint xStride, float* w, float* z, nint zStride)
        where TStrip : unmanaged, IStrip<TStrip>
    {
        if (rows == TileRows && HasManyRegisters)
        {
            Rows6<TStrip>(inputs, x, xStride, w, z, zStride);
            return;
        }

        for (; rows >= 3; rows -= 3)
        {
            Rows3<TStrip>(inputs, x, xStride, w, z, zStride);
            x += 3 * xStride;
            z += 3 * zStride;
        }

        if (rows == 2)
            Rows2<TStrip>(inputs, x, xStride, w, z, zStride);
        else if (rows == 1)
            Rows1<TStrip>(inputs, x, w, z);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows1<TStrip>(int inputs, float* x, float* w, float* z)
        where TStrip : unmanaged, IStrip<TStrip>
    {
        TStrip z0 = TStrip.Load(z);
        for (float* end = x + inputs; x < end; x++, w += TStrip.Width)
            z0 = TStrip.Accumulate(z0, TStrip.Load(w), *x);
        z0.Store(z);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows2<TStrip>(int inputs, float* x, nint xStride, float* w, float* z, nint zStride)
        where TStrip : unmanaged, IStrip<TStrip>
    {
        TStrip z0 = TStrip.Load(z), z1 = TStrip.Load(z + zStride);
        for (float* end = x + inputs; x < end; x++, w += TStrip.Width)
        {
            TStrip weights = TStrip.Load(w);
            z0 = TStrip.Accumulate(z0, weights, x[0]);
            z1 = TStrip.Accumulate(z1, weights, x[xStride]);
        }

        z0.Store(z);
        z1.Store(z + zStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows3<TStrip>(int inputs, float* x, nint xStride, float* w, float* z, nint zStride)
        where TStrip : unmanaged, IStrip<TStrip>
    {
        TStrip z0 = TStrip.Load(z), z1 = TStrip.Load(z + zStride), z2 = TStrip.Load(z + (2 * zStride));
        for (float* end = x + inputs; x < end; x++, w += TStrip.Width)
        {
            TStrip weights = TStrip.Load(w);
            z0 = TStrip.Accumulate(z0, weights, x[0]);
            z1 = TStrip.Accumulate(z1, weights, x[xStride]);
            z2 = TStrip.Accumulate(z2, weights, x[2 * xStride]);
        }

        z0.Store(z);
        z1.Store(z + zStride);
        z2.Store(z + (2 * zStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows6<TStrip>(int inputs, float* x, nint xStride, float* w, float* z, nint zStride)
        where TStrip : unmanaged, IStrip<TStrip>
    {
        float* y = z + (3 * zStride);
        TStrip z0 = TStrip.Load(z), z1 = TStrip.Load(z + zStride), z2 = TStrip.Load(z + (2 * zStride));
        TStrip z3 = TStrip.Load(y), z4 = TStrip.Load(y + zStride), z5 = TStrip.Load(y + (2 * zStride));
        // A second pointer, three rows on, leaves every address in reach of one index register.
        float* x3 = x + (3 * xStride);
        for (float* end = x + inputs; x < end; x++, x3++, w += TStrip.Width)
        {
            TStrip weights = TStrip.Load(w);
            z0 = TStrip.Accumulate(z0, weights, x[0]);
            z1 = TStrip.Accumulate(z1, weights, x[xStride]);
            z2 = TStrip.Accumulate(z2, weights, x[2 * xStride]);
            z3 = TStrip.Accumulate(z3, weights, x3[0]);
            z4 = TStrip.Accumulate(z4, weights, x3[xStride]);
            z5 = TStrip.Accumulate(z5, weights, x3[2 * xStride]);
        }

        z0.Store(z);
        z1.Store(z + zStride);
        z2.Store(z + (2 * zStride));
        z3.Store(y);
        z4.Store(y + zStride);
        z5.Store(y + (2 * zStride));
    }
}
