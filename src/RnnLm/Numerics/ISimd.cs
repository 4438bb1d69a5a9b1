namespace RnnLm.Numerics;

/// <summary>
/// The operations that the kernels need of a vector type. Each gives a lane the same bits at every width, so a kernel written once over
/// <typeparamref name="TVector"/> computes the same numbers on every processor. The JIT compiles it anew for each width, with nothing left
/// of the calls.
/// </summary>
/// <typeparam name="TVector">A vector of floats.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : unmanaged
{
    static abstract int Lanes { get; }

    static abstract TVector Create(float value);

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* destination);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    /// <summary>Returns left · right + addend, rounded once.</summary>
    static abstract TVector FusedMultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>Returns left · right + addend, rounded once where the processor does that at full speed, else twice.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    static abstract TVector Sqrt(TVector value);

    /// <summary>Returns the larger; NaN where <paramref name="right"/> is NaN.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>Returns the smaller; NaN where <paramref name="right"/> is NaN.</summary>
    static abstract TVector Min(TVector left, TVector right);

    /// <summary>Returns the largest of the lanes.</summary>
    static abstract float Max(TVector value);

    static abstract TVector Abs(TVector value);

    static abstract TVector CopySign(TVector value, TVector sign);

    /// <summary>Returns, lane by lane, <paramref name="then"/> where left &lt; right and else, for NaN too,
    /// <paramref name="otherwise"/>.</summary>
    static abstract TVector IfLess(TVector left, TVector right, TVector then, TVector otherwise);

    /// <summary>Returns value · 2^exponent, rounded once. The exponent is a whole number from -252 to 254.</summary>
    static abstract TVector Scale(TVector value, TVector exponent);
}
