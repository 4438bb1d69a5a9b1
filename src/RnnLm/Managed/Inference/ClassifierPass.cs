using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Inference;

/// <summary>
/// One batch of texts on its way through a classifier. Rows are longest first, so that the texts that have a position t are the first so
/// many rows: each step takes those and no others, in either direction, and a text's numbers depend on nothing beside it.
/// </summary>
internal sealed unsafe class ClassifierPass
{
    private readonly ModelLayers _model;
    private readonly Minibatch _batch;
    private readonly int[] _lengths;
    private readonly int _width;
    private readonly AlignedBuffer<float> _final;

    public ClassifierPass(ModelLayers model, Minibatch batch)
    {
        MinibatchCheck.Check(batch, model.Config);
        (_model, _batch) = (model, batch);
        _lengths = batch.Lengths ?? [.. Enumerable.Repeat(batch.Length, batch.BatchSize)];
        CheckTokens();
        _width = model.Config.Directions * model.Config.HiddenSize;
        _final = new AlignedBuffer<float>((long)batch.BatchSize * _width);
    }

    /// <summary>Computes the probabilities of the classes.</summary>
    public void Run(Span<float> probabilities)
    {
        int classes = _model.Config.Classes;
        if (probabilities.Length < (long)_batch.BatchSize * classes)
            throw new ArgumentException($"There is room for {probabilities.Length} probabilities, but "
                + $"{(long)_batch.BatchSize * classes} are needed.", nameof(probabilities));
        AlignedBuffer<float> outputs = Embed();
        for (int layer = 0; layer < _model.Config.Layers; layer++)
            outputs = RunLayer(layer, outputs);
        AlignedBuffer<float> pooled = Pool(outputs);
        fixed (float* logits = probabilities)
            _model.Output.Compute(_batch.BatchSize, pooled.Pointer, _width, logits, 0, _model.Output.Layout.Groups);
        for (int row = 0; row < _batch.BatchSize; row++)
            Softmax.Normalize(probabilities.Slice(row * classes, classes));
        GC.KeepAlive(this);
        GC.KeepAlive(pooled);
    }

    /// <summary>Padding is not read, and may be anything.</summary>
    private void CheckTokens()
    {
        for (int t = 0, rows = _batch.BatchSize; t < _batch.Length; t++)
        {
            while (rows > 0 && _lengths[rows - 1] <= t)
                rows--;
            MinibatchCheck.Within(_batch.Inputs.AsSpan(t * _batch.BatchSize, rows), 0, _model.Config.VocabularySize, "input");
        }
    }

    /// <summary>Looks up the vectors of all tokens, where the first layer has no table for them. // [T, B, E]</summary>
    private AlignedBuffer<float> Embed()
    {
        int size = _model.Config.EmbeddingSize;
        if (_model.Embedding.Length == 0)
            return new AlignedBuffer<float>(0);
        var embedded = new AlignedBuffer<float>((long)_batch.Length * _batch.BatchSize * size);
        for (int row = 0; row < _batch.BatchSize; row++)
        {
            for (int t = 0; t < _lengths[row]; t++)
            {
                int at = (t * _batch.BatchSize) + row;
                _model.Embedding.AsSpan(_batch.Inputs[at] * size, size).CopyTo(embedded.Span[(at * size)..]);
            }
        }

        return embedded;
    }

    /// <summary>Runs a layer over all positions, in one direction or in both. // [T, B, D·H]</summary>
    private AlignedBuffer<float> RunLayer(int layer, AlignedBuffer<float> inputs)
    {
        var outputs = new AlignedBuffer<float>((long)_batch.Length * _batch.BatchSize * _width);
        for (int direction = 0; direction < _model.Config.Directions; direction++)
            RunDirection((layer * _model.Config.Directions) + direction, direction == 1, inputs, outputs);
        return outputs;
    }

    private void RunDirection(int index, bool backward, AlignedBuffer<float> inputs, AlignedBuffer<float> outputs)
    {
        PackedLayer layer = _model.Recurrent[index];
        int batch = _batch.BatchSize, stride = layer.Layout.PaddedUnits;
        AlignedBuffer<float> hidden = new((long)batch * stride), next = new((long)batch * stride), cell = new((long)batch * stride);
        for (int row = 0; row < batch; row++)
            Start(index, row, hidden.Span.Slice(row * stride, layer.Hidden), cell.Span.Slice(row * stride, layer.Hidden));
        fixed (int* tokens = _batch.Inputs)
        {
            int rows = backward ? 0 : batch;
            for (int i = 0; i < _batch.Length; i++)
            {
                int t = backward ? _batch.Length - 1 - i : i;
                while (backward && rows < batch && _lengths[rows] > t)
                    rows++;
                while (!backward && rows > 0 && _lengths[rows - 1] <= t)
                    rows--;
                var step = new LayerStep
                {
                    Rows = rows,
                    Tokens = tokens + ((nint)t * batch),
                    Input = inputs.Pointer + ((nint)t * batch * layer.Inputs),
                    InputStride = layer.Inputs,
                    Hidden = hidden.Pointer,
                    Next = next.Pointer,
                    Cell = cell.Pointer,
                    StateStride = stride,
                };
                layer.Step(in step, 0, layer.Layout.Groups);
                Keep(t, rows, backward, next, hidden, outputs);
            }
        }
    }

    /// <summary>Makes the new hidden states the old ones, and keeps them as outputs of their position and as final states.</summary>
    private void Keep(int t, int rows, bool backward, AlignedBuffer<float> next, AlignedBuffer<float> hidden, AlignedBuffer<float> outputs)
    {
        int size = _model.Config.HiddenSize, stride = _model.Recurrent[0].Layout.PaddedUnits, half = backward ? size : 0;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> state = next.Span.Slice(row * stride, size);
            state.CopyTo(hidden.Span[(row * stride)..]);
            state.CopyTo(outputs.Span[((((t * _batch.BatchSize) + row) * _width) + half)..]);
            if (t == (backward ? 0 : _lengths[row] - 1))
                state.CopyTo(_final.Span[((row * _width) + half)..]);
        }
    }

    private void Start(int index, int row, Span<float> hidden, Span<float> cell)
    {
        int size = _model.Config.HiddenSize, states = _model.Config.StatesPerLayer;
        ReadOnlySpan<float> state = _model.StartingState(_batch.Conditions is null ? -1 : _batch.Conditions[row])
            .Slice(index * states * size, states * size);
        state[..size].CopyTo(hidden);
        state[size..].CopyTo(cell);
    }

    /// <summary>Makes one vector of a text's outputs. // [B, D·H]</summary>
    private AlignedBuffer<float> Pool(AlignedBuffer<float> outputs)
    {
        if (_model.Config.Pooling == Pooling.Last)
            return _final;
        var pooled = new AlignedBuffer<float>((long)_batch.BatchSize * _width);
        for (int row = 0; row < _batch.BatchSize; row++)
        {
            Span<float> into = pooled.Span.Slice(row * _width, _width);
            for (int t = 0; t < _lengths[row]; t++)
                StatePooling.Add(_model.Config.Pooling, Output(outputs, t, row), t, into);
            StatePooling.Finish(_model.Config.Pooling, _lengths[row], into);
        }

        return pooled;
    }

    private ReadOnlySpan<float> Output(AlignedBuffer<float> outputs, int t, int row) =>
        outputs.Span.Slice(((t * _batch.BatchSize) + row) * _width, _width);
}
