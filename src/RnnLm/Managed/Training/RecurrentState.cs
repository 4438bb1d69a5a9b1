using System.Numerics;
using RnnLm.Data;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>The hidden (and cell) states of all layers and directions for the sequences of a batch, carried from window to
/// window.</summary>
internal sealed unsafe class RecurrentState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ModelConfig _config;
    private readonly AlignedBuffer<T>[] _vectors;

    /// <summary>Makes a state that holds nothing.</summary>
    public RecurrentState(ModelConfig config)
    {
        _config = config;
        _vectors = new AlignedBuffer<T>[config.Layers * config.Directions * config.StatesPerLayer];
        for (int i = 0; i < _vectors.Length; i++)
            _vectors[i] = new();
        Stride = Axis.RowStride(Axis.RoundUp(config.HiddenSize));
    }

    /// <summary>Gets the distance of the states of two sequences.</summary>
    public int Stride { get; }

    /// <summary>Gets the number of sequences whose states are held, or 0.</summary>
    public int BatchSize { get; private set; }

    /// <summary>Gets the number of state vectors of a sequence.</summary>
    public int Count => _vectors.Length;

    /// <summary>Returns the states of one kind: hidden or cell, of one layer and direction. // [B, H]</summary>
    public T* Vector(int index) => _vectors[index].Pointer;

    /// <summary>Forgets what is held.</summary>
    public void Clear() => BatchSize = 0;

    /// <summary>Makes the states that a batch starts from.</summary>
    /// <returns>Whether some are the model's own parameters, which then get a gradient.</returns>
    public bool Begin(Minibatch batch, NetworkParameters<T> parameters)
    {
        if (batch.CarryState && BatchSize == batch.BatchSize)
            return false;
        Resize(batch.BatchSize);
        bool learned = batch.InitialHidden is null && (_config.Conditions > 0 || _config.InitialState == InitialState.Learned);
        for (int i = 0; i < Count; i++)
        {
            for (int b = 0; b < BatchSize; b++)
            {
                var row = new Span<T>(Vector(i) + ((nint)b * Stride), _config.HiddenSize);
                int parameterRow = learned ? ParameterRow(batch, b, i, parameters) : -1;
                if (parameterRow >= 0)
                    new ReadOnlySpan<T>(parameters.Values.Pointer + parameterRow, row.Length).CopyTo(row);
                else if (i % _config.StatesPerLayer != 0)
                    row.Clear();
                else if (batch.InitialHidden is { } initial)
                    Convert(initial.AsSpan(((i / _config.StatesPerLayer * BatchSize) + b) * row.Length, row.Length), row);
                else
                    row.Fill(_config.InitialState == InitialState.Ones ? T.One : T.Zero);
            }
        }

        return learned;
    }

    /// <summary>Adds the gradients of the states that a batch started from, held in the same layout, to those of the parameters they came
    /// from.</summary>
    public void AddGradients(Minibatch batch, NetworkParameters<T> parameters, RecurrentState<T> gradients)
    {
        for (int i = 0; i < Count; i++)
        {
            for (int b = 0; b < BatchSize; b++)
            {
                int parameterRow = ParameterRow(batch, b, i, parameters);
                T* from = gradients.Vector(i) + ((nint)b * Stride), to = parameters.Gradients.Pointer + parameterRow;
                for (int j = 0; j < _config.HiddenSize && parameterRow >= 0; j++)
                    to[j] += from[j];
            }
        }
    }

    /// <summary>Makes room for the states of so many sequences, and sets all to zero.</summary>
    public void Resize(int batchSize)
    {
        BatchSize = batchSize;
        foreach (AlignedBuffer<T> vector in _vectors)
        {
            vector.Reserve((long)batchSize * Stride);
            vector.Span.Clear();
        }
    }

    /// <summary>Copies the states out. // [L·S, B, H]</summary>
    public void Read(Span<float> destination)
    {
        foreach (AlignedBuffer<T> vector in _vectors)
        {
            for (int b = 0; b < BatchSize; b++)
            {
                for (int j = 0; j < _config.HiddenSize; j++)
                    destination[j] = float.CreateTruncating(vector.Pointer[((nint)b * Stride) + j]);
                destination = destination[_config.HiddenSize..];
            }
        }
    }

    /// <summary>Copies the states of so many sequences in. // [L·S, B, H]</summary>
    public void Write(ReadOnlySpan<float> source, int batchSize)
    {
        Resize(batchSize);
        foreach (AlignedBuffer<T> vector in _vectors)
        {
            for (int b = 0; b < BatchSize; b++)
            {
                Convert(source[.._config.HiddenSize], new(vector.Pointer + ((nint)b * Stride), _config.HiddenSize));
                source = source[_config.HiddenSize..];
            }
        }
    }

    /// <summary>Returns where the parameters of a sequence's start are: its condition's, else those for all; -1 where there are
    /// none.</summary>
    private int ParameterRow(Minibatch batch, int sequence, int index, NetworkParameters<T> parameters)
    {
        int condition = _config.Conditions > 0 ? batch.Conditions?[sequence] ?? -1 : -1;
        if (condition >= 0)
            return parameters["condition.weight"].Index(condition, index * _config.HiddenSize);
        return _config.InitialState == InitialState.Learned ? parameters["initial_state"].Index(index, 0) : -1;
    }

    private static void Convert(ReadOnlySpan<float> source, Span<T> destination)
    {
        for (int j = 0; j < source.Length; j++)
            destination[j] = T.CreateTruncating(source[j]);
    }
}
