using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;

namespace RnnLm.Managed.Training;

/// <summary>
/// The innermost loops of the matrix product: a tile of C, some rows high and two vectors wide, is held in registers while k runs. An
/// element of C is one chain of multiply-adds in the order of k, whatever tile it falls in, so that its bits depend neither on the tile nor
/// on who computes it. Where no more than one vector of columns is left at the edge, the second is left out; the compiler makes both forms
/// of each loop.
/// </summary>
internal static unsafe class RegisterTile<T, TVector>
    where T : unmanaged
    where TVector : unmanaged, IVector<TVector, T>
{
    /// <summary>Gets the number of columns of a tile.</summary>
    public static int Columns => 2 * TVector.Lanes;

    /// <summary>Gets the number of rows of the tallest tile: with 32 registers 12, with 16 only 6.</summary>
    public static int Tallest => TVector.Lanes == 16 || AdvSimd.IsSupported ? 12 : 6;

    private interface IWidth;

    /// <summary>Returns how many columns a tile takes of those that are left: two vectors, or at the edge one.</summary>
    public static int Width(int left) => left > TVector.Lanes ? Columns : TVector.Lanes;

    /// <summary>Computes C = A·B, or C += A·B, for one tile's width of columns and any number of rows.</summary>
    /// <param name="width">The width of the tile, by <see cref="Width"/>.</param>
    /// <param name="rows">The number of rows of A and C.</param>
    /// <param name="a">A: element (i, k) stands at i · <paramref name="aRow"/> + k · <paramref name="aStep"/>.</param>
    /// <param name="aRow">The distance of two rows of A.</param>
    /// <param name="aStep">The distance of two columns of A.</param>
    /// <param name="b">B: row k, a tile wide, stands at k · <paramref name="bStep"/>.</param>
    /// <param name="bStep">The distance of two rows of B.</param>
    /// <param name="depth">The number of columns of A and rows of B.</param>
    /// <param name="c">C: row i, a tile wide, stands at i · <paramref name="cRow"/>.</param>
    /// <param name="cRow">The distance of two rows of C.</param>
    /// <param name="accumulate">Whether the product is added to C.</param>
    public static void Multiply(int width, int rows, T* a, nint aRow, nint aStep, T* b, nint bStep, int depth, T* c, nint cRow,
        bool accumulate)
    {
        if (width == Columns)
            Multiply<TwoVectors>(rows, a, aRow, aStep, b, bStep, depth, c, cRow, accumulate);
        else
            Multiply<OneVector>(rows, a, aRow, aStep, b, bStep, depth, c, cRow, accumulate);
    }

    private static void Multiply<TWidth>(int rows, T* a, nint aRow, nint aStep, T* b, nint bStep, int depth, T* c, nint cRow,
        bool accumulate)
        where TWidth : struct, IWidth
    {
        while (rows > 0)
        {
            int height = Height(rows);
            switch (height)
            {
                case 12: Rows12<TWidth>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
                case 8: Rows8<TWidth>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
                case 6: Rows6<TWidth>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
                case 4: Rows4<TWidth>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
                case 2: Rows2<TWidth>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
                default: Rows1<TWidth>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            }

            rows -= height;
            a += height * aRow;
            c += height * cRow;
        }
    }

    private static int Height(int rows) =>
        Tallest == 12
            ? rows >= 12 && rows != 16 ? 12 : rows >= 8 ? 8 : rows >= 4 ? 4 : rows >= 2 ? 2 : 1
            : rows >= 6 && rows != 8 ? 6 : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows12<TWidth>(T* a, nint aRow, nint aStep, T* b, nint bStep, int depth, T* c, nint cRow, bool accumulate)
        where TWidth : struct, IWidth
    {
        nint twoRows = 2 * aRow;
        T* a3 = a + aRow + twoRows, a6 = a3 + aRow + twoRows, a9 = a6 + aRow + twoRows;
        TVector c0x = default, c0y = default, c1x = default, c1y = default, c2x = default, c2y = default, c3x = default, c3y = default,
            c4x = default, c4y = default, c5x = default, c5y = default, c6x = default, c6y = default, c7x = default, c7y = default,
            c8x = default, c8y = default, c9x = default, c9y = default, c10x = default, c10y = default, c11x = default, c11y = default;
        if (accumulate)
        {
            T* row = c;
            Load<TWidth>(row, out c0x, out c0y);
            Load<TWidth>(row += cRow, out c1x, out c1y);
            Load<TWidth>(row += cRow, out c2x, out c2y);
            Load<TWidth>(row += cRow, out c3x, out c3y);
            Load<TWidth>(row += cRow, out c4x, out c4y);
            Load<TWidth>(row += cRow, out c5x, out c5y);
            Load<TWidth>(row += cRow, out c6x, out c6y);
            Load<TWidth>(row += cRow, out c7x, out c7y);
            Load<TWidth>(row += cRow, out c8x, out c8y);
            Load<TWidth>(row += cRow, out c9x, out c9y);
            Load<TWidth>(row += cRow, out c10x, out c10y);
            Load<TWidth>(row += cRow, out c11x, out c11y);
        }

        for (int k = 0; k < depth; k++)
        {
            Load<TWidth>(b, out TVector x, out TVector y);
            Add<TWidth>(a[0], x, y, ref c0x, ref c0y);
            Add<TWidth>(a[aRow], x, y, ref c1x, ref c1y);
            Add<TWidth>(a[twoRows], x, y, ref c2x, ref c2y);
            Add<TWidth>(a3[0], x, y, ref c3x, ref c3y);
            Add<TWidth>(a3[aRow], x, y, ref c4x, ref c4y);
            Add<TWidth>(a3[twoRows], x, y, ref c5x, ref c5y);
            Add<TWidth>(a6[0], x, y, ref c6x, ref c6y);
            Add<TWidth>(a6[aRow], x, y, ref c7x, ref c7y);
            Add<TWidth>(a6[twoRows], x, y, ref c8x, ref c8y);
            Add<TWidth>(a9[0], x, y, ref c9x, ref c9y);
            Add<TWidth>(a9[aRow], x, y, ref c10x, ref c10y);
            Add<TWidth>(a9[twoRows], x, y, ref c11x, ref c11y);
            b += bStep;
            a += aStep;
            a3 += aStep;
            a6 += aStep;
            a9 += aStep;
        }

        Store<TWidth>(c0x, c0y, c);
        Store<TWidth>(c1x, c1y, c += cRow);
        Store<TWidth>(c2x, c2y, c += cRow);
        Store<TWidth>(c3x, c3y, c += cRow);
        Store<TWidth>(c4x, c4y, c += cRow);
        Store<TWidth>(c5x, c5y, c += cRow);
        Store<TWidth>(c6x, c6y, c += cRow);
        Store<TWidth>(c7x, c7y, c += cRow);
        Store<TWidth>(c8x, c8y, c += cRow);
        Store<TWidth>(c9x, c9y, c += cRow);
        Store<TWidth>(c10x, c10y, c += cRow);
        Store<TWidth>(c11x, c11y, c += cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows8<TWidth>(T* a, nint aRow, nint aStep, T* b, nint bStep, int depth, T* c, nint cRow, bool accumulate)
        where TWidth : struct, IWidth
    {
        nint twoRows = 2 * aRow;
        T* a3 = a + aRow + twoRows, a6 = a3 + aRow + twoRows;
        TVector c0x = default, c0y = default, c1x = default, c1y = default, c2x = default, c2y = default, c3x = default, c3y = default,
            c4x = default, c4y = default, c5x = default, c5y = default, c6x = default, c6y = default, c7x = default, c7y = default;
        if (accumulate)
        {
            T* row = c;
            Load<TWidth>(row, out c0x, out c0y);
            Load<TWidth>(row += cRow, out c1x, out c1y);
            Load<TWidth>(row += cRow, out c2x, out c2y);
            Load<TWidth>(row += cRow, out c3x, out c3y);
            Load<TWidth>(row += cRow, out c4x, out c4y);
            Load<TWidth>(row += cRow, out c5x, out c5y);
            Load<TWidth>(row += cRow, out c6x, out c6y);
            Load<TWidth>(row += cRow, out c7x, out c7y);
        }

        for (int k = 0; k < depth; k++)
        {
            Load<TWidth>(b, out TVector x, out TVector y);
            Add<TWidth>(a[0], x, y, ref c0x, ref c0y);
            Add<TWidth>(a[aRow], x, y, ref c1x, ref c1y);
            Add<TWidth>(a[twoRows], x, y, ref c2x, ref c2y);
            Add<TWidth>(a3[0], x, y, ref c3x, ref c3y);
            Add<TWidth>(a3[aRow], x, y, ref c4x, ref c4y);
            Add<TWidth>(a3[twoRows], x, y, ref c5x, ref c5y);
            Add<TWidth>(a6[0], x, y, ref c6x, ref c6y);
            Add<TWidth>(a6[aRow], x, y, ref c7x, ref c7y);
            b += bStep;
            a += aStep;
            a3 += aStep;
            a6 += aStep;
        }

        Store<TWidth>(c0x, c0y, c);
        Store<TWidth>(c1x, c1y, c += cRow);
        Store<TWidth>(c2x, c2y, c += cRow);
        Store<TWidth>(c3x, c3y, c += cRow);
        Store<TWidth>(c4x, c4y, c += cRow);
        Store<TWidth>(c5x, c5y, c += cRow);
        Store<TWidth>(c6x, c6y, c += cRow);
        Store<TWidth>(c7x, c7y, c += cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows6<TWidth>(T* a, nint aRow, nint aStep, T* b, nint bStep, int depth, T* c, nint cRow, bool accumulate)
        where TWidth : struct, IWidth
    {
        nint twoRows = 2 * aRow;
        T* a3 = a + aRow + twoRows;
        TVector c0x = default, c0y = default, c1x = default, c1y = default, c2x = default, c2y = default, c3x = default, c3y = default,
            c4x = default, c4y = default, c5x = default, c5y = default;
        if (accumulate)
        {
            T* row = c;
            Load<TWidth>(row, out c0x, out c0y);
            Load<TWidth>(row += cRow, out c1x, out c1y);
            Load<TWidth>(row += cRow, out c2x, out c2y);
            Load<TWidth>(row += cRow, out c3x, out c3y);
            Load<TWidth>(row += cRow, out c4x, out c4y);
            Load<TWidth>(row += cRow, out c5x, out c5y);
        }

        for (int k = 0; k < depth; k++)
        {
            Load<TWidth>(b, out TVector x, out TVector y);
            Add<TWidth>(a[0], x, y, ref c0x, ref c0y);
            Add<TWidth>(a[aRow], x, y, ref c1x, ref c1y);
            Add<TWidth>(a[twoRows], x, y, ref c2x, ref c2y);
            Add<TWidth>(a3[0], x, y, ref c3x, ref c3y);
            Add<TWidth>(a3[aRow], x, y, ref c4x, ref c4y);
            Add<TWidth>(a3[twoRows], x, y, ref c5x, ref c5y);
            b += bStep;
            a += aStep;
            a3 += aStep;
        }

        Store<TWidth>(c0x, c0y, c);
        Store<TWidth>(c1x, c1y, c += cRow);
        Store<TWidth>(c2x, c2y, c += cRow);
        Store<TWidth>(c3x, c3y, c += cRow);
        Store<TWidth>(c4x, c4y, c += cRow);
        Store<TWidth>(c5x, c5y, c += cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows4<TWidth>(T* a, nint aRow, nint aStep, T* b, nint bStep, int depth, T* c, nint cRow, bool accumulate)
        where TWidth : struct, IWidth
    {
        nint twoRows = 2 * aRow;
        T* a3 = a + aRow + twoRows;
        TVector c0x = default, c0y = default, c1x = default, c1y = default, c2x = default, c2y = default, c3x = default, c3y = default;
        if (accumulate)
        {
            T* row = c;
            Load<TWidth>(row, out c0x, out c0y);
            Load<TWidth>(row += cRow, out c1x, out c1y);
            Load<TWidth>(row += cRow, out c2x, out c2y);
            Load<TWidth>(row += cRow, out c3x, out c3y);
        }

        for (int k = 0; k < depth; k++)
        {
            Load<TWidth>(b, out TVector x, out TVector y);
            Add<TWidth>(a[0], x, y, ref c0x, ref c0y);
            Add<TWidth>(a[aRow], x, y, ref c1x, ref c1y);
            Add<TWidth>(a[twoRows], x, y, ref c2x, ref c2y);
            Add<TWidth>(a3[0], x, y, ref c3x, ref c3y);
            b += bStep;
            a += aStep;
            a3 += aStep;
        }

        Store<TWidth>(c0x, c0y, c);
        Store<TWidth>(c1x, c1y, c += cRow);
        Store<TWidth>(c2x, c2y, c += cRow);
        Store<TWidth>(c3x, c3y, c += cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows2<TWidth>(T* a, nint aRow, nint aStep, T* b, nint bStep, int depth, T* c, nint cRow, bool accumulate)
        where TWidth : struct, IWidth
    {
        nint twoRows = 2 * aRow;
        TVector c0x = default, c0y = default, c1x = default, c1y = default;
        if (accumulate)
        {
            T* row = c;
            Load<TWidth>(row, out c0x, out c0y);
            Load<TWidth>(row += cRow, out c1x, out c1y);
        }

        for (int k = 0; k < depth; k++)
        {
            Load<TWidth>(b, out TVector x, out TVector y);
            Add<TWidth>(a[0], x, y, ref c0x, ref c0y);
            Add<TWidth>(a[aRow], x, y, ref c1x, ref c1y);
            b += bStep;
            a += aStep;
        }

        Store<TWidth>(c0x, c0y, c);
        Store<TWidth>(c1x, c1y, c += cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows1<TWidth>(T* a, nint aRow, nint aStep, T* b, nint bStep, int depth, T* c, nint cRow, bool accumulate)
        where TWidth : struct, IWidth
    {
        nint twoRows = 2 * aRow;
        TVector c0x = default, c0y = default;
        if (accumulate)
        {
            T* row = c;
            Load<TWidth>(row, out c0x, out c0y);
        }

        for (int k = 0; k < depth; k++)
        {
            Load<TWidth>(b, out TVector x, out TVector y);
            Add<TWidth>(a[0], x, y, ref c0x, ref c0y);
            b += bStep;
            a += aStep;
        }

        Store<TWidth>(c0x, c0y, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TWidth>(T a, TVector x, TVector y, ref TVector cx, ref TVector cy)
    {
        TVector broadcast = TVector.Create(a);
        cx = TVector.MultiplyAdd(broadcast, x, cx);
        if (typeof(TWidth) == typeof(TwoVectors))
            cy = TVector.MultiplyAdd(broadcast, y, cy);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TWidth>(T* source, out TVector x, out TVector y)
    {
        x = TVector.Load(source);
        y = typeof(TWidth) == typeof(TwoVectors) ? TVector.Load(source + TVector.Lanes) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWidth>(TVector x, TVector y, T* destination)
    {
        TVector.Store(x, destination);
        if (typeof(TWidth) == typeof(TwoVectors))
            TVector.Store(y, destination + TVector.Lanes);
    }

    private readonly struct TwoVectors : IWidth;

    private readonly struct OneVector : IWidth;
}
