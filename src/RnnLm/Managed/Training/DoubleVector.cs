using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace RnnLm.Managed.Training;

/// <summary>A vector of one double: runs the kernels in double precision, where finite differences tell a right gradient from a wrong
/// one.</summary>
internal readonly unsafe struct DoubleVector(double value) : IVector<DoubleVector, double>
{
    private readonly double _value = value;

    public static int Lanes => 1;

    public static DoubleVector operator +(DoubleVector left, DoubleVector right) => new(left._value + right._value);

    public static DoubleVector operator -(DoubleVector left, DoubleVector right) => new(left._value - right._value);

    public static DoubleVector operator *(DoubleVector left, DoubleVector right) => new(left._value * right._value);

    public static DoubleVector operator /(DoubleVector left, DoubleVector right) => new(left._value / right._value);

    public static DoubleVector Create(double value) => new(value);

    public static DoubleVector Load(double* source) => new(*source);

    public static void Store(DoubleVector value, double* destination) => *destination = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleVector MultiplyAdd(DoubleVector left, DoubleVector right, DoubleVector addend) =>
        new(double.MultiplyAddEstimate(left._value, right._value, addend._value));

    public static DoubleVector IfLess(DoubleVector left, DoubleVector right, DoubleVector then, DoubleVector otherwise) =>
        left._value < right._value ? then : otherwise;

    public static DoubleVector Sqrt(DoubleVector value) => new(Math.Sqrt(value._value));

    public static double Sum(double* columns) =>
        TensorPrimitives.Sum(new ReadOnlySpan<double>(columns, IVector<DoubleVector, double>.Columns));

    public static double Max(DoubleVector value) => value._value;

    public static DoubleVector Exp(DoubleVector value) => new(Math.Exp(value._value));

    public static DoubleVector Sigmoid(DoubleVector value) => new(1 / (1 + Math.Exp(-value._value)));

    public static DoubleVector Tanh(DoubleVector value) => new(Math.Tanh(value._value));
}
