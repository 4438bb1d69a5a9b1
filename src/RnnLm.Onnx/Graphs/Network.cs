using RnnLm.Modeling;
using RnnLm.Onnx.Messages;

namespace RnnLm.Onnx.Graphs;

/// <summary>The layers of a model in a graph. A layer is one operator, in both directions where it reads so.</summary>
internal sealed class Network
{
    private readonly GraphBuilder _graph;
    private readonly ModelConfig _config;
    private readonly ModelWeights _weights;
    private Value _embedding;

    public Network(GraphBuilder graph, ModelConfig config, ModelWeights weights) => (_graph, _config, _weights) = (graph, config, weights);

    /// <summary>Turns ids into the input of the first layer: embeddings, or one-hot vectors. // [T, N] to [T, N, E]</summary>
    public Value Embed(Value ids) => _config.EmbeddingSize > 0
        ? _graph.Gather(Embedding(), ids)
        : _graph.Node("OneHot", [ids, _graph.Long(_config.VocabularySize), _graph.Floats("off_on", [0, 1], 2)]);

    /// <summary>Runs the recurrent layers.</summary>
    /// <param name="input">The input of the first layer. // [T, N, E]</param>
    /// <param name="lengths">The lengths of texts, or none where all are of length T. // [N]</param>
    /// <param name="start">The state of a layer from which texts start: hidden (0) or cell (1).</param>
    /// <returns>What each layer makes, the top one last.</returns>
    public LayerValues[] Run(Value input, Value lengths, Func<int, int, Value> start)
    {
        var layers = new LayerValues[_config.Layers];
        for (int layer = 0; layer < layers.Length; layer++)
        {
            layers[layer] = Run(layer, input, lengths, start);
            input = layers[layer].Outputs;
        }

        return layers;
    }

    /// <summary>Computes the output layer. // [M, D·H] to [M, V], or [M, C]</summary>
    public Value Output(Value states)
    {
        Value weight = _config.TieWeights ? Embedding() : Weight("output.weight");
        return _graph.Node("Gemm", [states, weight, Weight("output.bias")], NodeAttribute.Of("transB", 1));
    }

    private LayerValues Run(int layer, Value input, Value lengths, Func<int, int, Value> start)
    {
        long directions = _config.Directions, hidden = _config.HiddenSize, gates = _config.Gates, inputs = _config.InputSize(layer);
        Value w = _graph.Floats($"rnn_w_l{layer}", ByGate(layer, "weight_ih"), directions, gates * hidden, inputs);
        Value r = _graph.Floats($"rnn_r_l{layer}", ByGate(layer, "weight_hh"), directions, gates * hidden, hidden);
        Value b = _graph.Floats($"rnn_b_l{layer}", ByGate(layer, "bias_ih", "bias_hh"), directions, 2 * gates * hidden);
        bool hasCell = _config.Cell == CellType.Lstm;
        Value[] read = [input, w, r, b, lengths, start(layer, 0), .. hasCell ? [start(layer, 1)] : Array.Empty<Value>()];
        AttributeProto[] attributes =
        [
            NodeAttribute.Of("hidden_size", hidden),
            NodeAttribute.Of("direction", _config.Bidirectional ? "bidirectional" : "forward"),
            .. OfCell(),
        ];
        Value[] made = _graph.Nodes(_config.Cell.ToString().ToUpperInvariant(), hasCell ? 3 : 2, read, attributes);
        // [T, D, N, H] to [T, N, D·H]
        Value outputs = directions == 1
            ? _graph.Squeeze(made[0], 1)
            : _graph.Reshape(_graph.Transpose(made[0], 0, 2, 1, 3), 0, 0, directions * hidden);
        return new(outputs, made[1], hasCell ? made[2] : Value.None);
    }

    private AttributeProto[] OfCell() => _config.Cell switch
    {
        // As PyTorch: the reset gate is applied to the product with the recurrent weights, not to the state.
        CellType.Gru => [NodeAttribute.Of("linear_before_reset", 1)],
        CellType.Rnn => [NodeAttribute.Of("activations",
            Enumerable.Repeat(_config.Nonlinearity == Nonlinearity.Relu ? "Relu" : "Tanh", _config.Directions))],
        _ => [],
    };

    /// <summary>Joins weights of both directions, with the gates in ONNX's order: z, r, h of a GRU, i, o, f, c of an LSTM, where PyTorch
    /// has r, z, n and i, f, g, o.</summary>
    private float[] ByGate(int layer, params string[] names)
    {
        int[] order = _config.Cell switch { CellType.Gru => [1, 0, 2], CellType.Lstm => [0, 3, 1, 2], _ => [0] };
        string[] suffixes = _config.Bidirectional ? ["", "_reverse"] : [""];
        float[][] tensors = [.. suffixes.SelectMany(suffix => names.Select(name => _weights[$"rnn.{name}_l{layer}{suffix}"].Values))];
        float[] joined = new float[tensors.Sum(tensor => tensor.Length)];
        int length = tensors[0].Length, gate = length / order.Length;
        for (int i = 0; i < tensors.Length; i++)
        {
            for (int to = 0; to < order.Length; to++)
                tensors[i].AsSpan(order[to] * gate, gate).CopyTo(joined.AsSpan((i * length) + (to * gate)));
        }

        return joined;
    }

    private Value Embedding()
    {
        if (_embedding == default)
            _embedding = Weight("embedding.weight");
        return _embedding;
    }

    private Value Weight(string name)
    {
        WeightTensor tensor = _weights[name];
        return _graph.Floats(name, tensor.Values, [.. tensor.Shape.Select(length => (long)length)]);
    }
}
