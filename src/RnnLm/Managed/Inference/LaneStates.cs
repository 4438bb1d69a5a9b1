using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Inference;

/// <summary>The states of several texts: for each layer the hidden state before a step and after it, and for an LSTM the cell state. // [L,
/// B, H padded]</summary>
internal sealed unsafe class LaneStates
{
    private readonly int _layers;
    private readonly int _lanes;
    private readonly int _size;
    private readonly AlignedBuffer<float>? _cell;
    private AlignedBuffer<float> _hidden;
    private AlignedBuffer<float> _next;

    /// <param name="config">The model.</param>
    /// <param name="stride">The number of hidden units, padding included.</param>
    /// <param name="lanes">The number of texts.</param>
    public LaneStates(ModelConfig config, int stride, int lanes)
    {
        (_layers, _lanes, _size, Stride) = (config.Layers * config.Directions, lanes, config.HiddenSize, stride);
        long length = (long)_layers * lanes * stride;
        _hidden = new AlignedBuffer<float>(length);
        _next = new AlignedBuffer<float>(length);
        _cell = config.Cell == CellType.Lstm ? new AlignedBuffer<float>(length) : null;
    }

    /// <summary>Gets the distance between texts.</summary>
    public int Stride { get; }

    /// <summary>Returns a layer's hidden states before the step.</summary>
    public float* Hidden(int layer) => _hidden.Pointer + Start(layer);

    /// <summary>Returns where a layer's hidden states after the step go.</summary>
    public float* Next(int layer) => _next.Pointer + Start(layer);

    /// <summary>Returns a layer's cell states, or null.</summary>
    public float* Cell(int layer) => _cell is null ? null : _cell.Pointer + Start(layer);

    /// <summary>Makes the hidden states after the step those before the next one, for the first so many texts.</summary>
    public void Advance(int rows)
    {
        if (rows == _lanes)
        {
            (_hidden, _next) = (_next, _hidden);
            return;
        }

        for (int layer = 0; layer < _layers; layer++)
            _next.Span.Slice((int)Start(layer), rows * Stride).CopyTo(_hidden.Span[(int)Start(layer)..]);
    }

    public void Copy(int source, int destination)
    {
        for (int layer = 0; layer < _layers; layer++)
        {
            Row(_hidden, layer, source).CopyTo(Row(_hidden, layer, destination));
            if (_cell is not null)
                Row(_cell, layer, source).CopyTo(Row(_cell, layer, destination));
        }
    }

    /// <summary>Copies a text's state out, layer by layer, hidden before cell. // [L·S·H]</summary>
    public void Read(int lane, Span<float> state)
    {
        for (int layer = 0; layer < _layers; layer++)
        {
            Row(_hidden, layer, lane).CopyTo(state);
            state = state[_size..];
            if (_cell is null)
                continue;
            Row(_cell, layer, lane).CopyTo(state);
            state = state[_size..];
        }
    }

    /// <summary>Copies a text's state in. // [L·S·H]</summary>
    public void Write(int lane, ReadOnlySpan<float> state)
    {
        for (int layer = 0; layer < _layers; layer++)
        {
            state[.._size].CopyTo(Row(_hidden, layer, lane));
            state = state[_size..];
            if (_cell is null)
                continue;
            state[.._size].CopyTo(Row(_cell, layer, lane));
            state = state[_size..];
        }
    }

    private nint Start(int layer) => (nint)layer * _lanes * Stride;

    private Span<float> Row(AlignedBuffer<float> states, int layer, int lane) =>
        states.Span.Slice((int)Start(layer) + (lane * Stride), _size);
}
