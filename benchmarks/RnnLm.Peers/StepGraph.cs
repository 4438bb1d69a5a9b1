using System.Runtime.InteropServices;

namespace RnnLm.Peers;

/// <summary>Writes an ONNX graph of one step: ids [1, N] and the states of each layer in, probabilities [N, V] and the new states
/// out.</summary>
internal sealed class StepGraph(PeerConfig config)
{
    // Field numbers of onnx.proto.
    private const int Float = 1, Int64 = 7, Opset = 17, Version = 8;

    private readonly ProtoWriter _graph = new ProtoWriter().Text(2, "step");
    private readonly Random _random = new(1);

    /// <summary>Gets the states' names: one for each layer, and with an LSTM the cells' after them.</summary>
    public string[] States { get; } =
        [.. (config.Cell == "lstm" ? "hc" : "h").SelectMany(kind => Enumerable.Range(0, config.Layers).Select(layer => $"{kind}{layer}"))];

    public byte[] ToArray()
    {
        int gates = config.Cell switch { "lstm" => 4, "gru" => 3, _ => 1 };
        Value(11, "ids", Int64, 1, 0);
        Weights("embedding", config.Vocabulary, config.Input);
        Node("Gather", ["embedding", "ids"], ["x0"]);
        Constant("axis", 1);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            Weights($"W{layer}", 1, gates * config.Hidden, layer == 0 ? config.Input : config.Hidden);
            Weights($"R{layer}", 1, gates * config.Hidden, config.Hidden);
            Weights($"B{layer}", 1, 2 * gates * config.Hidden);
            string[] inputs = [$"x{layer}", $"W{layer}", $"R{layer}", $"B{layer}", "", $"h{layer}"],
                outputs = [$"y{layer}", $"h{layer}-new"];
            ProtoWriter size = Attribute("hidden_size", config.Hidden);
            if (config.Cell == "lstm")
                Node("LSTM", [.. inputs, $"c{layer}"], [.. outputs, $"c{layer}-new"], size);
            else if (config.Cell == "gru")
                Node("GRU", inputs, outputs, size, Attribute("linear_before_reset", 1));
            else
                Node("RNN", inputs, outputs, size);
            Node("Squeeze", [$"y{layer}", "axis"], [$"x{layer + 1}"]);
        }

        Weights("out", config.Hidden, config.Vocabulary);
        Weights("bias", config.Vocabulary);
        Node("MatMul", [$"x{config.Layers}", "out"], ["product"]);
        Node("Add", ["product", "bias"], ["logits"]);
        // Of [1, N, V].
        Node("Softmax", ["logits"], ["p"], Attribute("axis", -1));
        Value(12, "p", Float, 1, 0, config.Vocabulary);
        foreach (string state in States)
        {
            Value(11, state, Float, 1, 0, config.Hidden);
            Value(12, $"{state}-new", Float, 1, 0, config.Hidden);
        }

        return new ProtoWriter().Number(1, Version).Message(7, _graph).Message(8, new ProtoWriter().Text(1, "").Number(2, Opset)).ToArray();
    }

    private static ProtoWriter Attribute(string name, long value) => new ProtoWriter().Text(1, name).Number(3, value).Number(20, 2);

    private void Node(string operation, string[] inputs, string[] outputs, params ProtoWriter[] attributes)
    {
        ProtoWriter node = new ProtoWriter().Text(1, inputs).Text(2, outputs).Text(4, operation);
        foreach (ProtoWriter attribute in attributes)
            node.Message(5, attribute);
        _graph.Message(1, node);
    }

    private void Weights(string name, params int[] shape)
    {
        var tensor = new ProtoWriter();
        foreach (int size in shape)
            tensor.Number(1, size);
        float[] values = [.. Enumerable.Range(0, shape.Aggregate((a, b) => a * b))
            .Select(_ => (float)((_random.NextDouble() - 0.5) * 0.1))];
        _graph.Message(5, tensor.Number(2, Float).Text(8, name).Bytes(9, MemoryMarshal.AsBytes<float>(values)));
    }

    private void Constant(string name, long value) =>
        _graph.Message(5, new ProtoWriter().Number(1, 1).Number(2, Int64).Text(8, name).Bytes(9, MemoryMarshal.AsBytes<long>([value])));

    /// <summary>Declares an input (field 11) or output (12); a size of 0 is the number of texts.</summary>
    private void Value(int field, string name, int type, params int[] shape)
    {
        var sizes = new ProtoWriter();
        foreach (int size in shape)
            sizes.Message(1, size == 0 ? new ProtoWriter().Text(2, "N") : new ProtoWriter().Number(1, size));
        ProtoWriter tensor = new ProtoWriter().Number(1, type).Message(2, sizes);
        _graph.Message(field, new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, tensor)));
    }
}
