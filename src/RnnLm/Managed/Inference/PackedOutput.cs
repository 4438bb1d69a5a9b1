using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RnnLm.Numerics;

namespace RnnLm.Managed.Inference;

/// <summary>A linear layer with its weights packed for inference. Never written after it is made.</summary>
internal abstract unsafe class PackedOutput
{
    private readonly AlignedBuffer<float> _weights;
    private readonly AlignedBuffer<float> _bias;

    private protected PackedOutput(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int lanes)
    {
        Layout = new StripLayout(bias.Length, 1, lanes);
        Inputs = weights.Length / bias.Length;
        _weights = Layout.Pack(weights, Inputs);
        _bias = Layout.Pack(bias, 1);
    }

    /// <summary>Gets the order of the outputs, which is that of their numbers.</summary>
    public StripLayout Layout { get; }

    /// <summary>Gets the number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>Gets the number of multiplications that one row takes.</summary>
    public long Work => (long)Layout.Size * Inputs;

    private protected float* Weights => _weights.Pointer;

    private protected float* Bias => _bias.Pointer;

    /// <summary>Packs a layer for the vectors of a width: 16, 8 or 4 floats.</summary>
    /// <param name="weights">The weights. // [outputs, inputs]</param>
    /// <param name="bias">The biases. // [outputs]</param>
    /// <param name="lanes">The number of floats of a vector.</param>
    public static PackedOutput Create(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int lanes) => lanes switch
    {
        16 => new PackedOutput<Simd512, Vector512<float>>(weights, bias),
        8 => new PackedOutput<Simd256, Vector256<float>>(weights, bias),
        _ => new PackedOutput<Simd128, Vector128<float>>(weights, bias),
    };

    /// <summary>Computes the outputs of rows.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="x">The rows. // [rows, Inputs]</param>
    /// <param name="xStride">The distance between rows of <paramref name="x"/>.</param>
    /// <param name="y">Takes the outputs, without padding. // [rows, outputs]</param>
    /// <param name="firstGroup">The first group of outputs to compute.</param>
    /// <param name="lastGroup">The group of outputs to stop before.</param>
    public abstract void Compute(int rows, float* x, nint xStride, float* y, int firstGroup, int lastGroup);
}

/// <summary>A linear layer compiled for one width of vectors.</summary>
internal sealed unsafe class PackedOutput<TSimd, TVector>(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    : PackedOutput(weights, bias, TSimd.Lanes)
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public override void Compute(int rows, float* x, nint xStride, float* y, int firstGroup, int lastGroup)
    {
        for (int group = firstGroup; group < lastGroup; group++)
        {
            switch (Layout.Vectors(group))
            {
                case 1: Compute<Strip1<TSimd, TVector>>(rows, x, xStride, y, group); break;
                case 2: Compute<Strip2<TSimd, TVector>>(rows, x, xStride, y, group); break;
                case 3: Compute<Strip3<TSimd, TVector>>(rows, x, xStride, y, group); break;
                default: Compute<Strip4<TSimd, TVector>>(rows, x, xStride, y, group); break;
            }
        }
    }

    [SkipLocalsInit]
    private void Compute<TStrip>(int rows, float* x, nint xStride, float* y, int group)
        where TStrip : unmanaged, IStrip<TStrip>
    {
        int width = TStrip.Width, offset = Layout.Offset(group, 0), wanted = Math.Min(width, Layout.Units - offset);
        float* memory = stackalloc float[AlignedBuffer<float>.Padded(StripProduct.TileRows * width)],
            scratch = AlignedBuffer<float>.Align(memory);
        for (int row = 0; row < rows; row += StripProduct.TileRows)
        {
            int tile = Math.Min(StripProduct.TileRows, rows - row);
            TStrip start = TStrip.Load(Bias + offset);
            for (int i = 0; i < tile; i++)
                start.Store(scratch + (i * width));
            StripProduct.Accumulate<TStrip>(tile, Inputs, x + (row * xStride), xStride, Weights + ((nint)offset * Inputs), scratch, width);
            for (int i = 0; i < tile; i++)
                new ReadOnlySpan<float>(scratch + (i * width),
                    wanted).CopyTo(new Span<float>(y + ((nint)(row + i) * Layout.Units) + offset, wanted));
        }
    }
}
