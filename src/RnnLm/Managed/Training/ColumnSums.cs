using System.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>Sums of rows: the gradients of biases, and those of rows that were looked up by token.</summary>
internal static unsafe class ColumnSums<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    /// <summary>Adds all rows to one.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="stride">The distance of two rows.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="first">The first column, a multiple of the padding.</param>
    /// <param name="last">The one past the last.</param>
    /// <param name="sums">The sums, from column 0 on.</param>
    public static void Add(T* source, nint stride, int rows, int first, int last, T* sums)
    {
        for (int row = 0; row < rows; row++, source += stride)
        {
            for (nint j = first; j < last; j += TVector.Lanes)
                TVector.Store(TVector.Load(sums + j) + TVector.Load(source + j), sums + j);
        }
    }

    /// <summary>Adds each row to the row of its token.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="stride">The distance of two rows.</param>
    /// <param name="tokens">The token of each row.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="first">The first column, a multiple of the padding.</param>
    /// <param name="last">The one past the last.</param>
    /// <param name="table">The sums, row by token.</param>
    /// <param name="tableStride">The distance of two of its rows.</param>
    /// <param name="sums">Takes the sums of all rows, too; or <see langword="null"/>.</param>
    public static void AddByToken(T* source, nint stride, int* tokens, int rows, int first, int last, T* table, nint tableStride,
        T* sums = null)
    {
        for (int row = 0; row < rows; row++, source += stride)
        {
            T* to = table + (tokens[row] * tableStride);
            for (nint j = first; j < last; j += TVector.Lanes)
            {
                TVector value = TVector.Load(source + j);
                TVector.Store(TVector.Load(to + j) + value, to + j);
                if (sums is not null)
                    TVector.Store(TVector.Load(sums + j) + value, sums + j);
            }
        }
    }
}
