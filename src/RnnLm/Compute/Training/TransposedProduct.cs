namespace RnnLm;

/// <summary>
/// C += Aᵀ·B, the product that gives the gradients of weights: A holds the gradients of a layer's outputs, B its inputs, row by row of the window.
/// Blocks of both are copied together, as their rows stand far apart. An element of C is summed over the rows in one order, whoever computes it.
/// </summary>
internal sealed unsafe class TransposedProduct<T, TVector>
    where T : unmanaged
    where TVector : unmanaged, IVector<TVector, T>
{
    private const int DepthBlock = 384;
    private const int RowBlock = 96;

    private readonly AlignedBuffer<T> _a = new(DepthBlock * RowBlock);
    private readonly AlignedBuffer<T> _b = new();

    /// <summary>Adds one stretch of rows of C.</summary>
    /// <param name="depth">The number of rows of A and B.</param>
    /// <param name="a">A, from the column that is the first row of C.</param>
    /// <param name="aRow">The distance of two rows of A.</param>
    /// <param name="rows">The rows of C that are wanted: their axis.</param>
    /// <param name="first">The first of them, counted without padding.</param>
    /// <param name="last">The one past the last of them.</param>
    /// <param name="b">B.</param>
    /// <param name="bRow">The distance of two rows of B.</param>
    /// <param name="columns">The number of columns of B and C, padding included.</param>
    /// <param name="c">C.</param>
    /// <param name="cRow">The distance of two rows of C.</param>
    public void Add(int depth, T* a, nint aRow, Axis rows, int first, int last, T* b, nint bRow, int columns, T* c, nint cRow)
    {
        if (first >= last)
            return;
        _b.Reserve((long)DepthBlock * columns);
        for (int k = 0; k < depth; k += DepthBlock)
        {
            int length = Math.Min(DepthBlock, depth - k);
            for (int n = 0; n < columns; n += RegisterTile<T, TVector>.Columns)
                Copy(b + (k * bRow) + n, bRow, length, RegisterTile<T, TVector>.Columns, _b.Pointer + ((nint)n * length));
            for (int row = first; row < last;)
            {
                int height = Math.Min(Math.Min(RowBlock, last - row), rows.Length - (row % rows.Length));
                int offset = rows.Offset(row);
                Copy(a + (k * aRow) + offset, aRow, length, height, _a.Pointer);
                for (int n = 0; n < columns; n += RegisterTile<T, TVector>.Columns)
                    RegisterTile<T, TVector>.Multiply(height, _a.Pointer, 1, height, _b.Pointer + ((nint)n * length), RegisterTile<T, TVector>.Columns, length, c + (offset * cRow) + n, cRow, accumulate: true);
                row += height;
            }
        }
    }

    private static void Copy(T* source, nint stride, int rows, int width, T* destination)
    {
        for (int row = 0; row < rows; row++, source += stride, destination += width)
            new ReadOnlySpan<T>(source, width).CopyTo(new Span<T>(destination, width));
    }
}
