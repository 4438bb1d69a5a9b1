using System.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// A vector of numbers as the training kernels see it, with operators. The kernels are written once over <typeparamref name="TSelf"/>:
/// floats at the three widths train, and single doubles run the very same code where gradients are checked against finite differences.
/// </summary>
/// <typeparam name="TSelf">The vector.</typeparam>
/// <typeparam name="T">Its element.</typeparam>
internal unsafe interface IVector<TSelf, T> :
    IAdditionOperators<TSelf, TSelf, TSelf>, ISubtractionOperators<TSelf, TSelf, TSelf>, IMultiplyOperators<TSelf, TSelf, TSelf>,
    IDivisionOperators<TSelf, TSelf, TSelf>
    where TSelf : unmanaged, IVector<TSelf, T>
    where T : unmanaged
{
    /// <summary>The number of columns of a sum, a multiple of any width.</summary>
    const int Columns = 16;

    static abstract int Lanes { get; }

    static abstract TSelf Create(T value);

    static abstract TSelf Load(T* source);

    static abstract void Store(TSelf value, T* destination);

    /// <summary>Returns left · right + addend, rounded once where the processor does that at full speed.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>Returns, lane by lane, <paramref name="then"/> where left &lt; right, and else <paramref name="otherwise"/>.</summary>
    static abstract TSelf IfLess(TSelf left, TSelf right, TSelf then, TSelf otherwise);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>
    /// Returns the sum of <see cref="Columns"/> numbers, in one order at every width: many numbers are summed by adding number i to column
    /// i mod 16, and the columns at the end.
    /// </summary>
    static abstract T Sum(T* columns);

    /// <summary>Returns the largest of the lanes.</summary>
    static abstract T Max(TSelf value);

    static abstract TSelf Exp(TSelf value);

    static abstract TSelf Sigmoid(TSelf value);

    static abstract TSelf Tanh(TSelf value);
}
