using System.Numerics;

namespace RnnLm;

/// <summary>
/// A vector of numbers as the training kernels see it, with operators. The kernels are written once over <typeparamref name="TSelf"/>: floats at the
/// three widths train, and single doubles run the very same code where gradients are checked against finite differences.
/// </summary>
/// <typeparam name="TSelf">The vector.</typeparam>
/// <typeparam name="T">Its element.</typeparam>
internal unsafe interface IVector<TSelf, T> :
    IAdditionOperators<TSelf, TSelf, TSelf>, ISubtractionOperators<TSelf, TSelf, TSelf>, IMultiplyOperators<TSelf, TSelf, TSelf>, IDivisionOperators<TSelf, TSelf, TSelf>
    where TSelf : unmanaged, IVector<TSelf, T>
    where T : unmanaged
{
    static abstract int Lanes { get; }

    static abstract TSelf Create(T value);

    static abstract TSelf Load(T* source);

    static abstract void Store(TSelf value, T* destination);

    /// <summary>Returns left · right + addend, rounded once where the processor does that at full speed.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>Returns, lane by lane, <paramref name="then"/> where left &lt; right, and else <paramref name="otherwise"/>.</summary>
    static abstract TSelf IfLess(TSelf left, TSelf right, TSelf then, TSelf otherwise);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>Returns the sum of the lanes.</summary>
    static abstract T Sum(TSelf value);

    /// <summary>Returns the largest of the lanes.</summary>
    static abstract T Max(TSelf value);

    static abstract TSelf Exp(TSelf value);

    static abstract TSelf Sigmoid(TSelf value);

    static abstract TSelf Tanh(TSelf value);
}
