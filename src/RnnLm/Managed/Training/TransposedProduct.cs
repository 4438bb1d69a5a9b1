using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// C += Aᵀ·B, the product that gives the gradients of weights: A holds the gradients of a layer's outputs, B its inputs, row by row of the
/// window. Blocks of both are copied together, as their rows stand far apart. An element of C is summed over the rows in one order, whoever
/// computes it.
/// </summary>
internal sealed unsafe class TransposedProduct<T, TVector>
    where T : unmanaged
    where TVector : unmanaged, IVector<TVector, T>
{
    private const int DepthBlock = 384;
    private const int RowBlock = 96;

    private readonly AlignedBuffer<T> _a = new(DepthBlock * (RowBlock + Axis.Padding));
    private readonly AlignedBuffer<T> _b = new();

    private static int Tile => RegisterTile<T, TVector>.Columns;

    /// <summary>Adds one stretch of rows of C.</summary>
    /// <param name="depth">The number of rows of A and B.</param>
    /// <param name="a">A, from the column that is the first row of C; columns are read up to the end of a vector.</param>
    /// <param name="aRow">The distance of two rows of A.</param>
    /// <param name="rows">The rows of C that are wanted: their axis.</param>
    /// <param name="first">The first of them, counted without padding.</param>
    /// <param name="last">The one past the last of them.</param>
    /// <param name="b">B.</param>
    /// <param name="bRow">The distance of two rows of B.</param>
    /// <param name="columns">The columns of B and C.</param>
    /// <param name="c">C.</param>
    /// <param name="cRow">The distance of two rows of C.</param>
    public void Add(int depth, T* a, nint aRow, Axis rows, int first, int last, T* b, nint bRow, Axis columns, T* c, nint cRow)
    {
        _b.Reserve((long)DepthBlock * columns.Padded);
        for (int k = 0; k < depth && first < last; k += DepthBlock)
        {
            int length = Math.Min(DepthBlock, depth - k);
            for (int n = 0; n < columns.Padded; n += Tile)
                Copy(b + (k * bRow) + n, bRow, length, Tile, _b.Pointer + ((nint)n * length));
            for (int row = first; row < last;)
            {
                int height = Math.Min(Math.Min(RowBlock, last - row), rows.Length - (row % rows.Length)), offset = rows.Offset(row);
                int width = (height + TVector.Lanes - 1) / TVector.Lanes * TVector.Lanes;
                Copy(a + (k * aRow) + offset, aRow, length, width, _a.Pointer);
                Multiply(height, width, length, columns, c + (offset * cRow), cRow);
                row += height;
            }
        }
    }

    private void Multiply(int rows, int aStep, int depth, Axis columns, T* c, nint cRow)
    {
        for (int stretch = 0; stretch < columns.Padded; stretch += columns.Stride)
        {
            for (int n = 0; n < columns.Length; n += Tile)
            {
                int width = RegisterTile<T, TVector>.Width(columns.Length - n);
                T* b = _b.Pointer + ((nint)(stretch + n) * depth);
                RegisterTile<T, TVector>.Multiply(width, rows, _a.Pointer, 1, aStep, b, Tile, depth, c + stretch + n, cRow,
                    accumulate: true);
            }
        }
    }

    private static void Copy(T* source, nint stride, int rows, int width, T* destination)
    {
        for (int row = 0; row < rows; row++, source += stride, destination += width)
        {
            for (int j = 0; j < width; j += TVector.Lanes)
                TVector.Store(TVector.Load(source + j), destination + j);
        }
    }
}
