using System.Numerics;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>Turns the hidden states of a text into one vector: the last of each direction, the mean, or the maximum.</summary>
internal sealed unsafe class SequencePooling<T>(ModelConfig config)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Axis _axis = Axis.Of(config.Directions, config.HiddenSize);
    private readonly AlignedBuffer<T> _pooled = new();
    private readonly AlignedBuffer<T> _gradient = new();
    private readonly AlignedBuffer<int> _positions = new();

    /// <summary>Gets the pooled vectors. // [B, D, H]</summary>
    public T* Pooled => _pooled.Pointer;

    /// <summary>Gets their gradients. // [B, D, H]</summary>
    public T* Gradient => _gradient.Pointer;

    /// <summary>Gets the distance of two of either.</summary>
    public int Stride => _axis.Padded;

    /// <summary>Makes room for a number of texts.</summary>
    public void Reserve(int texts)
    {
        _pooled.Reserve((long)texts * Stride);
        _gradient.Reserve((long)texts * Stride);
        if (config.Pooling == Pooling.Max)
            _positions.Reserve((long)texts * Stride);
    }

    /// <summary>Pools a text.</summary>
    public void Forward(BatchLayout layout, int text, T* output, nint outputStride)
    {
        T* pooled = _pooled.Pointer + ((nint)text * Stride);
        int length = layout.LengthOf(text);
        if (config.Pooling == Pooling.Last)
        {
            for (int direction = 0; direction < _axis.Count; direction++)
            {
                nint column = direction * _axis.Stride;
                T* from = output + ((layout.First(direction == 0 ? length - 1 : 0) + text) * outputStride) + column;
                new ReadOnlySpan<T>(from, _axis.Stride).CopyTo(new Span<T>(pooled + column, _axis.Stride));
            }

            return;
        }

        int* positions = _positions.Pointer + ((nint)text * Stride);
        new ReadOnlySpan<T>(output + (text * outputStride), Stride).CopyTo(new Span<T>(pooled, Stride));
        if (config.Pooling == Pooling.Max)
            new Span<int>(positions, Stride).Clear();
        for (int t = 1; t < length; t++)
        {
            T* row = output + ((layout.First(t) + text) * outputStride);
            if (config.Pooling == Pooling.Mean)
                Add(row, pooled);
            else
                Max(row, pooled, positions, t);
        }

        if (config.Pooling == Pooling.Mean)
            Scale(pooled, pooled, T.CreateTruncating(length));
    }

    /// <summary>Spreads the gradient of a text's vector over the gradients of its hidden states.</summary>
    public void Backward(BatchLayout layout, int text, T* gradient, nint gradientStride)
    {
        T* pooled = _gradient.Pointer + ((nint)text * Stride);
        int length = layout.LengthOf(text);
        for (int t = 0; t < length; t++)
        {
            T* row = gradient + ((layout.First(t) + text) * gradientStride);
            if (config.Pooling == Pooling.Mean)
                Scale(pooled, row, T.CreateTruncating(length));
            else
                new Span<T>(row, Stride).Clear();
        }

        if (config.Pooling == Pooling.Mean)
            return;
        for (int j = 0; j < Stride; j++)
        {
            int t = config.Pooling == Pooling.Max ? _positions.Pointer[((nint)text * Stride) + j] : j < _axis.Stride ? length - 1 : 0;
            gradient[((layout.First(t) + text) * gradientStride) + j] = pooled[j];
        }
    }

    private void Add(T* row, T* sum)
    {
        for (int j = 0; j < Stride; j++)
            sum[j] += row[j];
    }

    private void Max(T* row, T* most, int* positions, int t)
    {
        for (int j = 0; j < Stride; j++)
        {
            if (row[j] > most[j])
                (most[j], positions[j]) = (row[j], t);
        }
    }

    private void Scale(T* source, T* destination, T divisor)
    {
        for (int j = 0; j < Stride; j++)
            destination[j] = source[j] / divisor;
    }
}
