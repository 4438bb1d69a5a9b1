using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// The right factor B of many products A·B, laid out once in the order in which a register tile reads it: panels a tile wide, row after
/// row. The panels of the stretches of the column axis alternate, so that those of one block of hidden units stand side by side, gate by
/// gate.
/// </summary>
/// <param name="depth">The axis over which products sum: the rows of B, the columns of A.</param>
/// <param name="columns">The columns of B and of C.</param>
internal sealed unsafe class PackedMatrix<T, TVector>(Axis depth, Axis columns)
    where T : unmanaged
    where TVector : unmanaged, IVector<TVector, T>
{
    // A block of B, a tile wide, is used again for all rows of A while it is in the first-level caches.
    private const int DepthBlock = 512;

    private readonly int _blocks = (columns.Length + RegisterTile<T, TVector>.Columns - 1) / RegisterTile<T, TVector>.Columns;
    private readonly AlignedBuffer<T> _panels = new((long)Axis.RoundUp(columns.Length) * columns.Count * depth.Total);

    /// <summary>Gets the number of panels that one stretch of the columns takes.</summary>
    public int Blocks => _blocks;

    /// <summary>Gets the number of panels.</summary>
    public int Panels => _blocks * columns.Count;

    /// <summary>Fills one share of the panels. Element (k, n) of B stands at offset(k) · <paramref name="depthStep"/> + offset(n) ·
    /// <paramref name="columnStep"/> of the source.</summary>
    public void Pack(T* source, nint depthStep, nint columnStep, int share, int shares)
    {
        for (int panel = Panels * share / shares; panel < Panels * (share + 1) / shares; panel++)
        {
            (int block, int stretch) = Math.DivRem(panel, columns.Count);
            int first = block * RegisterTile<T, TVector>.Columns;
            int width = Math.Min(RegisterTile<T, TVector>.Columns, columns.Length - first);
            T* from = source + ((nint)((stretch * columns.Stride) + first) * columnStep), to = Panel(panel);
            for (int s = 0; s < depth.Count; s++, to += (nint)depth.Length * RegisterTile<T, TVector>.Columns)
                Copy(from + ((nint)(s * depth.Stride) * depthStep), depthStep, columnStep, width, to);
        }
    }

    /// <summary>Computes C = A·B, or C += A·B.</summary>
    /// <param name="rows">The number of rows of A and C.</param>
    /// <param name="a">A, its columns laid out along the depth axis.</param>
    /// <param name="aRow">The distance of two rows of A.</param>
    /// <param name="c">C, its columns laid out along the column axis.</param>
    /// <param name="cRow">The distance of two rows of C.</param>
    /// <param name="accumulate">Whether the product is added to C.</param>
    public void Multiply(int rows, T* a, nint aRow, T* c, nint cRow, bool accumulate)
    {
        for (int block = 0; block < _blocks; block++)
        {
            for (int stretch = 0; stretch < columns.Count; stretch++)
                Multiply(rows, a, aRow, block, stretch, c, cRow, accumulate);
        }
    }

    /// <summary>Computes the columns of C that belong to one panel.</summary>
    public void Multiply(int rows, T* a, nint aRow, int block, int stretch, T* c, nint cRow, bool accumulate)
    {
        int first = block * RegisterTile<T, TVector>.Columns, width = RegisterTile<T, TVector>.Width(columns.Length - first);
        T* b = Panel((block * columns.Count) + stretch);
        c += (stretch * columns.Stride) + first;
        for (int s = 0; s < depth.Count; s++)
        {
            for (int k = 0; k < depth.Length; k += DepthBlock)
            {
                int length = Math.Min(DepthBlock, depth.Length - k);
                RegisterTile<T, TVector>.Multiply(width, rows, a + (s * depth.Stride) + k, aRow, 1, b, RegisterTile<T, TVector>.Columns,
                    length, c, cRow, accumulate);
                b += (nint)length * RegisterTile<T, TVector>.Columns;
                accumulate = true;
            }
        }
    }

    private T* Panel(int index) => _panels.Pointer + ((nint)index * depth.Total * RegisterTile<T, TVector>.Columns);

    private void Copy(T* source, nint depthStep, nint columnStep, int width, T* destination)
    {
        // A few rows at a time, so that those that are written stay in the cache while the source is read along whichever way it runs.
        const int Rows = 64;
        for (int k = 0; k < depth.Length; k += Rows)
        {
            int rows = Math.Min(Rows, depth.Length - k);
            T* from = source + (k * depthStep), to = destination + ((nint)k * RegisterTile<T, TVector>.Columns);
            if (columnStep == 1)
            {
                for (int row = 0; row < rows; row++, from += depthStep, to += RegisterTile<T, TVector>.Columns)
                    new ReadOnlySpan<T>(from, width).CopyTo(new Span<T>(to, width));
                continue;
            }

            for (int n = 0; n < width; n++, from += columnStep)
            {
                for (int row = 0; row < rows; row++)
                    to[n + ((nint)row * RegisterTile<T, TVector>.Columns)] = from[row * depthStep];
            }
        }
    }
}
