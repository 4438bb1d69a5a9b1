using System.Numerics;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>Cuts gradients off by value and measures their norm. The norm is a sum over blocks of fixed size, so it does not depend on the
/// number of threads, nor on the width of vectors.</summary>
internal sealed unsafe class GradientClipping<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    /// <summary>The number of elements of a block.</summary>
    public const int Block = 8192;

    private readonly int _length;
    private readonly AlignedBuffer<double> _sums;

    /// <summary>Makes the clipping of so many elements.</summary>
    public GradientClipping(int length)
    {
        _length = length;
        _sums = new(Blocks);
    }

    /// <summary>Gets the number of blocks.</summary>
    public int Blocks => (_length + Block - 1) / Block;

    /// <summary>Gets the norm, once all blocks are measured.</summary>
    public double Norm
    {
        get
        {
            double sum = 0;
            foreach (double block in _sums.Span)
                sum += block;
            return Math.Sqrt(sum);
        }
    }

    /// <summary>Cuts one share of the gradients off at ±<paramref name="limit"/> where that is above 0, and adds up their
    /// squares.</summary>
    public void Measure(T* gradients, double limit, int share, int shares)
    {
        TVector most = TVector.Create(T.CreateTruncating(limit)), least = default(TVector) - most;
        T* columns = stackalloc T[IVector<TVector, T>.Columns];
        for (int block = Blocks * share / shares; block < Blocks * (share + 1) / shares; block++)
        {
            int start = block * Block, end = Math.Min(start + Block, _length);
            for (int column = 0; column < IVector<TVector, T>.Columns; column += TVector.Lanes)
            {
                TVector sum = default;
                for (int i = start + column; i < end; i += IVector<TVector, T>.Columns)
                {
                    TVector g = TVector.Load(gradients + i);
                    if (limit > 0)
                    {
                        g = TVector.IfLess(g, least, least, TVector.IfLess(most, g, most, g));
                        TVector.Store(g, gradients + i);
                    }

                    sum = TVector.MultiplyAdd(g, g, sum);
                }

                TVector.Store(sum, columns + column);
            }

            _sums.Pointer[block] = double.CreateTruncating(TVector.Sum(columns));
        }
    }
}
