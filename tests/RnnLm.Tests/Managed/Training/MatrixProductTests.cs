using System.Runtime.Intrinsics;
using RnnLm.Managed.Training;
using RnnLm.Numerics;
using Float128 = RnnLm.Managed.Training.FloatVector<RnnLm.Numerics.Simd128, System.Runtime.Intrinsics.Vector128<float>>;
using Float256 = RnnLm.Managed.Training.FloatVector<RnnLm.Numerics.Simd256, System.Runtime.Intrinsics.Vector256<float>>;
using Float512 = RnnLm.Managed.Training.FloatVector<RnnLm.Numerics.Simd512, System.Runtime.Intrinsics.Vector512<float>>;

namespace RnnLm.Tests;

/// <summary>The three forms of the matrix product against sums in double precision, at every vector width and odd sizes.</summary>
public unsafe class MatrixProductTests
{
    public static TheoryData<int, int, int> Sizes()
    {
        var data = new TheoryData<int, int, int>();
        int[] sizes = [1, 3, 17, 65];
        foreach (int m in sizes)
        {
            foreach (int n in sizes)
            {
                foreach (int k in sizes)
                    data.Add(m, n, k);
            }
        }

        data.Add(257, 65, 257);
        data.Add(65, 257, 17);
        data.Add(12, 32, 600);
        for (int m = 2; m <= 30; m++)
            data.Add(m, 33, 5);
        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AllFormsAtAllWidths(int m, int n, int k)
    {
        Check<Float512>(m, n, k);
        Check<Float256>(m, n, k);
        Check<Float128>(m, n, k);
    }

    [Fact]
    public void StretchesArePaddedApart()
    {
        // Two gates of three units over two directions of five: what a layer's input product looks like.
        Axis depth = Axis.Of(2, 5), columns = Axis.Of(2, 3);
        var a = new AlignedBuffer<float>(depth.Padded);
        var weights = new AlignedBuffer<float>(columns.Padded * depth.Padded);
        var c = new AlignedBuffer<float>(columns.Padded);
        for (int k = 0; k < depth.Total; k++)
        {
            a.Pointer[depth.Offset(k)] = k + 1;
            for (int n = 0; n < columns.Total; n++)
                weights.Pointer[(columns.Offset(n) * depth.Padded) + depth.Offset(k)] = (10 * n) + k;
        }

        var packed = new PackedMatrix<float, Float256>(depth, columns);
        packed.Pack(weights.Pointer, 1, depth.Padded, 0, 1);
        packed.Multiply(1, a.Pointer, depth.Padded, c.Pointer, columns.Padded, accumulate: false);
        for (int n = 0; n < columns.Total; n++)
            Assert.Equal(Enumerable.Range(0, 10).Sum(k => (k + 1) * ((10 * n) + k)), c.Pointer[columns.Offset(n)]);
        Assert.Equal(0, c.Pointer[3]);
    }

    private static void Check<TVector>(int m, int n, int k)
        where TVector : unmanaged, IVector<TVector, float>
    {
        Axis depth = Axis.Of(1, k), columns = Axis.Of(1, n);
        float[,] a = Values(m, k, 1), b = Values(k, n, 2), initial = Values(m, n, 3);
        AlignedBuffer<float> left = Rows(a, depth.Padded), right = Rows(b, columns.Padded), transposed = Transposed(b, depth.Padded),
            leftTransposed = Transposed(a, Axis.RoundUp(m));

        var packed = new PackedMatrix<float, TVector>(depth, columns);
        packed.Pack(right.Pointer, columns.Padded, 1, 0, 1);
        AssertProduct(a, b, initial, accumulate: false,
            c => packed.Multiply(m, left.Pointer, depth.Padded, c.Pointer, columns.Padded, accumulate: false));
        AssertProduct(a, b, initial, accumulate: true,
            c => packed.Multiply(m, left.Pointer, depth.Padded, c.Pointer, columns.Padded, accumulate: true));

        var fromTransposed = new PackedMatrix<float, TVector>(depth, columns);
        for (int share = 0; share < 3; share++)
            fromTransposed.Pack(transposed.Pointer, 1, depth.Padded, share, 3);
        AssertProduct(a, b, initial, accumulate: false,
            c => fromTransposed.Multiply(m, left.Pointer, depth.Padded, c.Pointer, columns.Padded, accumulate: false));

        var product = new TransposedProduct<float, TVector>();
        AssertProduct(a, b, initial, accumulate: true, c =>
        {
            product.Add(k, leftTransposed.Pointer, Axis.RoundUp(m), Axis.Of(1, m), 0, m / 2, right.Pointer, columns.Padded, columns,
                c.Pointer, columns.Padded);
            product.Add(k, leftTransposed.Pointer, Axis.RoundUp(m), Axis.Of(1, m), m / 2, m, right.Pointer, columns.Padded, columns,
                c.Pointer, columns.Padded);
        });
    }

    private static void AssertProduct(float[,] a, float[,] b, float[,] initial, bool accumulate, Action<AlignedBuffer<float>> multiply)
    {
        int m = a.GetLength(0), k = b.GetLength(0), n = b.GetLength(1), stride = Axis.RoundUp(n);
        AlignedBuffer<float> c = Rows(initial, stride, m + 1);
        multiply(c);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = accumulate ? initial[i, j] : 0;
                for (int p = 0; p < k; p++)
                    sum += (double)a[i, p] * b[p, j];
                Assert.True(Math.Abs(sum - c.Pointer[(i * stride) + j]) <= 1e-6 * (k + 1),
                    $"{m}x{n}x{k} [{i}, {j}]: {c.Pointer[(i * stride) + j]} for {sum}");
            }
        }

        Assert.True(new ReadOnlySpan<float>(c.Pointer + (m * stride), stride).IndexOfAnyExcept(0f) < 0,
            "The row past the last was written.");
    }

    private static float[,] Values(int rows, int columns, int seed)
    {
        var values = new float[rows, columns];
        var random = new Random(seed);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                values[i, j] = (random.NextSingle() * 2) - 1;
        }

        return values;
    }

    private static AlignedBuffer<float> Rows(float[,] values, int stride, int rows = 0)
    {
        var buffer = new AlignedBuffer<float>((long)Math.Max(rows, values.GetLength(0)) * stride);
        for (int i = 0; i < values.GetLength(0); i++)
        {
            for (int j = 0; j < values.GetLength(1); j++)
                buffer.Pointer[(i * stride) + j] = values[i, j];
        }

        return buffer;
    }

    private static AlignedBuffer<float> Transposed(float[,] values, int stride)
    {
        var buffer = new AlignedBuffer<float>((long)values.GetLength(1) * stride);
        for (int i = 0; i < values.GetLength(0); i++)
        {
            for (int j = 0; j < values.GetLength(1); j++)
                buffer.Pointer[(j * stride) + i] = values[i, j];
        }

        return buffer;
    }
}
