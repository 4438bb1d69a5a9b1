using BenchmarkDotNet.Attributes;
using RnnLm.Managed.Training;
using RnnLm.Numerics;

namespace RnnLm.Benchmarks;

/// <summary>The products of training on one thread, [M, K] by [K, N]: the gates of a window of inputs, and the gradients of the
/// weights.</summary>
public unsafe class MatrixProductBenchmarks
{
    private Action _multiply = () => { };
    private Action _addTransposed = () => { };

    [Params("3072 x 256 x 768", "3072 x 512 x 2048", "60 x 512 x 2048")]
    public string Shape { get; set; } = "";

    [Params(16, 8)]
    public int Lanes { get; set; }

    private int[] Sizes => [.. Shape.Split(" x ").Select(int.Parse)];

    [GlobalSetup]
    public void Setup()
    {
        (int m, int k, int n) = (Sizes[0], Sizes[1], Sizes[2]);
        _multiply = Width.Choose(Lanes, new Product(m, k, n));
        _addTransposed = Width.Choose(Lanes, new WeightGradients(m, k, n));
    }

    /// <summary>C = A·B, for M rows.</summary>
    [Benchmark]
    public void Multiply() => _multiply();

    /// <summary>C += Aᵀ·B, summed over M rows, for N rows and K columns.</summary>
    [Benchmark]
    public void AddTransposed() => _addTransposed();

    private static AlignedBuffer<float> Random(long length)
    {
        var buffer = new AlignedBuffer<float>(length);
        Width.Random(buffer.Length).CopyTo(buffer.Span);
        return buffer;
    }

    private sealed class Product(int m, int k, int n) : Width.IKernel
    {
        public Action Make<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            AlignedBuffer<float> a = Random((long)m * k), b = Random((long)k * n), c = Random((long)m * n);
            var packed = new PackedMatrix<float, FloatVector<TSimd, TVector>>(Axis.Rows(k), Axis.Of(1, n));
            packed.Pack(b.Pointer, n, 1, 0, 1);
            return () => packed.Multiply(m, a.Pointer, k, c.Pointer, n, accumulate: false);
        }
    }

    private sealed class WeightGradients(int m, int k, int n) : Width.IKernel
    {
        public Action Make<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            AlignedBuffer<float> a = Random((long)m * n), b = Random((long)m * k), c = Random((long)n * k);
            var product = new TransposedProduct<float, FloatVector<TSimd, TVector>>();
            return () => product.Add(m, a.Pointer, n, Axis.Rows(n), 0, n, b.Pointer, k, Axis.Rows(k), c.Pointer, k);
        }
    }
}
