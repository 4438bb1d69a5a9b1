using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RnnLm.Numerics;

/// <summary>Four lanes: SSE, NEON, WebAssembly, or plain code where there are no vectors.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public static int Lanes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Create(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, float* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> left, Vector128<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> left, Vector128<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> FusedMultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend) =>
        Sse41.IsSupported && !Fma.IsSupported
        ? EmulateFusedMultiplyAdd(left, right, addend)
        : Vector128.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend) =>
        Vector128.MultiplyAddEstimate(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sqrt(Vector128<float> value) => Vector128.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> left, Vector128<float> right) => Vector128.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> left, Vector128<float> right) => Vector128.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector128<float> value)
    {
        value = Vector128.MaxNative(value, Vector128.Shuffle(value, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(value, Vector128.Shuffle(value, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Abs(Vector128<float> value) => Vector128.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> CopySign(Vector128<float> value, Vector128<float> sign) => Vector128.CopySign(value, sign);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> IfLess(Vector128<float> left, Vector128<float> right, Vector128<float> then,
    Vector128<float> otherwise) =>
        Vector128.ConditionalSelect(Vector128.LessThan(left, right), then, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scale(Vector128<float> value, Vector128<float> exponent)
    {
        if (Avx512F.VL.IsSupported)
            return Avx512F.VL.Scale(value, exponent);
        // Two factors: the first product is exact, and the second rounds a denormal result once.
        Vector128<int> whole = Vector128.ConvertToInt32(exponent), half = whole >> 1, bias = Vector128.Create(127);
        return value * ((half + bias) << 23).AsSingle() * ((whole - half + bias) << 23).AsSingle();
    }

    /// <summary>
    /// The fused operation on processors that lack it, by way of double precision: the product is exact, and the sum is rounded to odd, so
    /// that rounding it once more to single precision gives what one rounding would have given (Boldo and Melquiond, 2008).
    /// </summary>
    internal static Vector128<float> EmulateFusedMultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend)
    {
        (Vector128<double> a0, Vector128<double> a1) = Vector128.Widen(left);
        (Vector128<double> b0, Vector128<double> b1) = Vector128.Widen(right);
        (Vector128<double> c0, Vector128<double> c1) = Vector128.Widen(addend);
        return Vector128.Narrow(AddRoundedToOdd(a0 * b0, c0), AddRoundedToOdd(a1 * b1, c1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> AddRoundedToOdd(Vector128<double> left, Vector128<double> right)
    {
        Vector128<double> sum = left + right, part = sum - left, error = (left - (sum - part)) + (right - part);
        Vector128<long> bits = sum.AsInt64(), zero = Vector128<long>.Zero, one = Vector128<long>.One;
        // An inexact sum that ended on an even number moves to its odd neighbour on the side of the exact sum. NaN is neither above nor
        // below zero.
        Vector128<long> inexact = (Vector128.LessThan(error, default) | Vector128.GreaterThan(error, default)).AsInt64();
        Vector128<long> moves = inexact & Vector128.Equals(bits & one, zero);
        Vector128<long> step = Vector128.ConditionalSelect(Vector128.LessThan(error.AsInt64() ^ bits, zero), -one, one);
        return (bits + (moves & step)).AsDouble();
    }
}
