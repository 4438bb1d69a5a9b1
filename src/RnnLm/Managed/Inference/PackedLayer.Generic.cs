using System.Runtime.CompilerServices;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Inference;

/// <summary>A layer compiled for one cell and one width of vectors.</summary>
internal sealed unsafe class PackedLayer<TGates, TSimd, TVector>(ModelConfig config, ModelWeights weights, int layer, int direction)
    : PackedLayer(config, weights, layer, direction, TSimd.Lanes)
    where TGates : struct, IGates
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public override void Step(in LayerStep step, int firstGroup, int lastGroup)
    {
        for (int group = firstGroup; group < lastGroup; group++)
        {
            switch (Layout.Vectors(group))
            {
                case 1: StepGroup<Strip1<TSimd, TVector>>(in step, group); break;
                case 2: StepGroup<Strip2<TSimd, TVector>>(in step, group); break;
                case 3: StepGroup<Strip3<TSimd, TVector>>(in step, group); break;
                default: StepGroup<Strip4<TSimd, TVector>>(in step, group); break;
            }
        }
    }

    private protected override void AddInputProducts(int rows, float* x, float* weights, float* z)
    {
        for (int group = 0; group < Layout.Groups; group++)
        {
            switch (Layout.Vectors(group))
            {
                case 1: AddInputProducts<Strip1<TSimd, TVector>>(group, rows, x, weights, z); break;
                case 2: AddInputProducts<Strip2<TSimd, TVector>>(group, rows, x, weights, z); break;
                case 3: AddInputProducts<Strip3<TSimd, TVector>>(group, rows, x, weights, z); break;
                default: AddInputProducts<Strip4<TSimd, TVector>>(group, rows, x, weights, z); break;
            }
        }
    }

    private void AddInputProducts<TStrip>(int group, int rows, float* x, float* weights, float* z)
        where TStrip : unmanaged, IStrip<TStrip>
    {
        for (int gate = 0; gate < TGates.Count; gate++)
        {
            int offset = Layout.Offset(group, gate);
            for (int row = 0; row < rows; row += StripProduct.TileRows)
            {
                StripProduct.Accumulate<TStrip>(Math.Min(StripProduct.TileRows, rows - row), Inputs, x + ((nint)row * Inputs), Inputs,
                    weights + ((nint)offset * Inputs), z + ((nint)row * Layout.Size) + offset, Layout.Size);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private void StepGroup<TStrip>(in LayerStep step, int group)
        where TStrip : unmanaged, IStrip<TStrip>
    {
        int width = TStrip.Width, stride = TGates.Sums * width, first = group * Layout.GroupUnits, offset = Layout.Offset(group, 0);
        float* memory = stackalloc float[AlignedBuffer<float>.Padded(StripProduct.TileRows * stride)],
            scratch = AlignedBuffer<float>.Align(memory);
        for (int row = 0; row < step.Rows; row += StripProduct.TileRows)
        {
            LayerStep tile = step.From(row, Math.Min(StripProduct.TileRows, step.Rows - row));
            Fill<TStrip>(in tile, group, scratch);
            if (Input is not null)
            {
                for (int gate = 0; gate < TGates.Count; gate++)
                {
                    StripProduct.Accumulate<TStrip>(tile.Rows, Inputs, tile.Input, tile.InputStride,
                        Input + ((nint)(offset + (gate * width)) * Inputs), scratch + (gate * width), stride);
                }
            }

            for (int gate = 0; gate < TGates.Count; gate++)
            {
                // The last gate's recurrent part goes to the last sum, which for a GRU is one further on.
                int sum = gate == TGates.Count - 1 ? TGates.Sums - 1 : gate;
                StripProduct.Accumulate<TStrip>(tile.Rows, Hidden, tile.Hidden, tile.StateStride,
                    Recurrent + ((nint)(offset + (gate * width)) * Hidden), scratch + (sum * width), stride);
            }

            for (int i = 0; i < tile.Rows; i++)
            {
                nint at = (i * tile.StateStride) + first;
                for (int j = 0; j < width; j += TSimd.Lanes)
                    TGates.Apply<TSimd, TVector>(scratch + ((nint)i * stride) + j, width, tile.Hidden + at + j, tile.Cell + at + j,
                        tile.Next + at + j);
            }
        }
    }

    /// <summary>Starts the sums of a tile with the table's row or with the biases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fill<TStrip>(in LayerStep tile, int group, float* scratch)
        where TStrip : unmanaged, IStrip<TStrip>
    {
        int width = TStrip.Width, offset = Layout.Offset(group, 0);
        for (int i = 0; i < tile.Rows; i++, scratch += TGates.Sums * width)
        {
            float* source = (Table is null ? Bias : Table + ((nint)tile.Tokens[i] * Layout.Size)) + offset;
            for (int gate = 0; gate < TGates.Count; gate++)
                TStrip.Load(source + (gate * width)).Store(scratch + (gate * width));
            if (TGates.Sums > TGates.Count)
                TStrip.Load(SeparateBias + (group * Layout.GroupUnits)).Store(scratch + (TGates.Count * width));
        }
    }
}
