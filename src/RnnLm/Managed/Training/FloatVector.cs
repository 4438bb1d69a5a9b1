using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>Floats at the width of <typeparamref name="TSimd"/>.</summary>
internal readonly unsafe struct FloatVector<TSimd, TVector>(TVector value) : IVector<FloatVector<TSimd, TVector>, float>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly TVector _value = value;

    public static int Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSimd.Lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector<TSimd, TVector> operator +(FloatVector<TSimd, TVector> left, FloatVector<TSimd, TVector> right) =>
    new(TSimd.Add(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector<TSimd, TVector> operator -(FloatVector<TSimd, TVector> left, FloatVector<TSimd, TVector> right) =>
    new(TSimd.Subtract(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector<TSimd, TVector> operator *(FloatVector<TSimd, TVector> left, FloatVector<TSimd, TVector> right) =>
    new(TSimd.Multiply(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector<TSimd, TVector> operator /(FloatVector<TSimd, TVector> left, FloatVector<TSimd, TVector> right) =>
    new(TSimd.Divide(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector<TSimd, TVector> Create(float value) => new(TSimd.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector<TSimd, TVector> Load(float* source) => new(TSimd.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FloatVector<TSimd, TVector> value, float* destination) => TSimd.Store(value._value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector<TSimd, TVector> MultiplyAdd(FloatVector<TSimd, TVector> left, FloatVector<TSimd, TVector> right,
    FloatVector<TSimd, TVector> addend) =>
        new(TSimd.MultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector<TSimd, TVector> IfLess(
        FloatVector<TSimd, TVector> left, FloatVector<TSimd, TVector> right, FloatVector<TSimd, TVector> then,
        FloatVector<TSimd, TVector> otherwise) =>
        new(TSimd.IfLess(left._value, right._value, then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector<TSimd, TVector> Sqrt(FloatVector<TSimd, TVector> value) => new(TSimd.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(float* columns)
    {
        Vector128<float> sum =
            (Vector128.Load(columns) + Vector128.Load(columns + 4)) + (Vector128.Load(columns + 8) + Vector128.Load(columns + 12));
        sum += Vector128.Shuffle(sum, Vector128.Create(2, 3, 0, 1));
        return sum.ToScalar() + sum.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(FloatVector<TSimd, TVector> value) => TSimd.Max(value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector<TSimd, TVector> Exp(FloatVector<TSimd, TVector> value) => new(VectorMath.Exp<TSimd, TVector>(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector<TSimd, TVector> Sigmoid(FloatVector<TSimd, TVector> value) =>
    new(VectorMath.Sigmoid<TSimd, TVector>(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector<TSimd, TVector> Tanh(FloatVector<TSimd, TVector> value) => new(VectorMath.Tanh<TSimd, TVector>(value._value));
}
