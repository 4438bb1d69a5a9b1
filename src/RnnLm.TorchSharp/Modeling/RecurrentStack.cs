using System.Globalization;
using RnnLm.Modeling;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace RnnLm.TorchSharp.Modeling;

/// <summary>
/// The recurrent layers. They run as one fused call of libtorch; with dropout between them as one call a layer, because libtorch would draw
/// the masks from its global generator. Either way the parameters have PyTorch's names, <c>weight_ih_l0</c> and so on.
/// </summary>
internal sealed class RecurrentStack : nn.Module
{
    private readonly nn.Module[] _parts;
    private readonly int _rowsPerPart;
    private readonly double _dropout;

    public RecurrentStack(ModelConfig config, Device device, ScalarType dtype, double dropout) : base(nameof(RecurrentStack))
    {
        _dropout = dropout;
        int layersPerPart = dropout > 0 ? 1 : config.Layers;
        _rowsPerPart = layersPerPart * config.Directions;
        _parts = [.. Enumerable.Range(0, config.Layers / layersPerPart)
            .Select(part => CreatePart(config, config.InputSize(part), layersPerPart, device, dtype))];
        for (int part = 0; part < _parts.Length; part++)
        {
            foreach ((string name, TorchParameter parameter) in _parts[part].named_parameters())
                register_parameter(part == 0 ? name : name.Replace("_l0", $"_l{part}", StringComparison.Ordinal), parameter);
        }
    }

    /// <summary>Runs a batch through all layers.</summary>
    /// <param name="input">// [T, B, E]</param>
    /// <param name="initial">The state to start from.</param>
    /// <param name="lengths">The length of each sequence, longest first, on the CPU, or null where all have T. // [B]</param>
    /// <param name="dropout">The masks, or null for none.</param>
    /// <returns>The outputs of the last layer, zeros past a sequence's end, and the states at the ends. // [T, B, D·H]</returns>
    public (Tensor Output, RecurrentState State) forward(Tensor input, RecurrentState initial, Tensor? lengths, DropoutMasks? dropout)
    {
        var states = new RecurrentState[_parts.Length];
        for (int part = 0; part < _parts.Length; part++)
        {
            if (part > 0 && dropout is not null)
                input = dropout.Apply(input, _dropout);
            RecurrentState start = _parts.Length == 1 ? initial : initial.Layers(part * _rowsPerPart, _rowsPerPart);
            (input, states[part]) = lengths is null ? Run(_parts[part], input, start) : RunPacked(_parts[part], input, start, lengths);
        }

        return (input, RecurrentState.Concat(states, 0));
    }

    /// <summary>Returns which of several fused calls reads a parameter, from 1; 0 where there is one call, or none that reads it.</summary>
    /// <param name="name">The parameter's name in the module, such as <c>rnn.weight_ih_l1_reverse</c>.</param>
    public int CallOf(string name)
    {
        const string Layer = "_l";
        int at = name.StartsWith("rnn.", StringComparison.Ordinal) && _parts.Length > 1
            ? name.LastIndexOf(Layer, StringComparison.Ordinal)
            : -1;
        return at < 0 ? 0 : 1 + int.Parse(name[(at + Layer.Length)..].Split('_')[0], CultureInfo.InvariantCulture);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (nn.Module part in _parts)
                part.Dispose();
        }

        base.Dispose(disposing);
    }

    private static nn.Module CreatePart(ModelConfig config, int inputSize, int layers, Device device, ScalarType dtype) =>
        config.Cell switch
    {
        CellType.Lstm => nn.LSTM(inputSize, config.HiddenSize, layers, bidirectional: config.Bidirectional, device: device, dtype: dtype),
        CellType.Gru => nn.GRU(inputSize, config.HiddenSize, layers, bidirectional: config.Bidirectional, device: device, dtype: dtype),
        _ => nn.RNN(inputSize, config.HiddenSize, layers,
            config.Nonlinearity == Nonlinearity.Relu ? nn.NonLinearities.ReLU : nn.NonLinearities.Tanh,
            bidirectional: config.Bidirectional, device: device, dtype: dtype),
    };

    private static (Tensor, RecurrentState) Run(nn.Module part, Tensor input, RecurrentState start)
    {
        if (part is LSTM lstm)
        {
            (Tensor output, Tensor hidden, Tensor cell) = lstm.call(input, (start.Hidden, start.Cell!));
            return (output, new(hidden, cell));
        }

        (Tensor result, Tensor state) = part is GRU gru ? gru.call(input, start.Hidden) : ((RNN)part).call(input, start.Hidden);
        return (result, new(state, null));
    }

    private static (Tensor, RecurrentState) RunPacked(nn.Module part, Tensor input, RecurrentState start, Tensor lengths)
    {
        // They are sorted. Said so, TorchSharp counts two tensors for the order, which are not there, as alive for ever.
        PackedSequence packed = pack_padded_sequence(input, lengths, enforce_sorted: false), result;
        RecurrentState state;
        if (part is LSTM lstm)
        {
            (result, Tensor hidden, Tensor cell) = lstm.call(packed, (start.Hidden, start.Cell!));
            state = new(hidden, cell);
        }
        else
        {
            (result, Tensor hidden) = part is GRU gru ? gru.call(packed, start.Hidden) : ((RNN)part).call(packed, start.Hidden);
            state = new(hidden, null);
        }

        return (pad_packed_sequence(result, total_length: input.shape[0]).Item1, state);
    }
}
