using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Onnx.Graphs;
using DataType = RnnLm.Onnx.Messages.TensorProto.Types.DataType;

namespace RnnLm.Onnx.Models;

/// <summary>The graph of one step of a language model: a token of each text in, what is expected next out. The state is the
/// application's to keep.</summary>
internal static class StepGraph
{
    private static readonly string[] States = ["hidden", "cell"];

    public static GraphBuilder Build(SavedModel model)
    {
        ModelConfig config = model.Config;
        var graph = new GraphBuilder("step");
        var network = new Network(graph, config, model.Weights);
        Value ids = graph.Input("ids", DataType.Int64, "The next token of each text.", "N", 1);
        Value[] states = [.. States.Take(config.StatesPerLayer).Select(name => graph.Input(name, DataType.Float,
            $"The {name} states before it; zeros before the first token.", config.Layers, "N", config.HiddenSize))];
        if (!StartingStates.AreZero(config))
        {
            Value begins = graph.Input("begins", DataType.Bool,
                "Whether the token is the first of its text: the states are then those from which the model starts.", "N", 1);
            var start = new StartingStates(graph, model, graph.Length(ids, 0), ConditionInput.Add(graph, model, areStrings: false));
            Value isStart = graph.Unsqueeze(begins, 0);   // [1, N, 1]
            states = [.. states.Select((state, i) => graph.Where(isStart, start.All(i), state))];
        }

        Value[][] ofLayers = [.. states.Select(state => Split(graph, state, config.Layers))];
        LayerValues[] layers = network.Run(network.Embed(graph.Transpose(ids, 1, 0)), Value.None, (layer, state) => ofLayers[state][layer]);
        graph.Output("logits", network.Output(graph.Squeeze(layers[^1].Hidden, 0)), DataType.Float,
            "The logit of each token as the one that follows.", "N", config.VocabularySize);
        for (int i = 0; i < states.Length; i++)
        {
            Value[] next = [.. layers.Select(layer => i == 0 ? layer.Hidden : layer.Cell)];
            graph.Output($"next_{States[i]}", graph.Concat(0, next), DataType.Float, $"The {States[i]} states after it.",
                config.Layers, "N", config.HiddenSize);
        }

        return graph;
    }

    /// <summary>Splits the states of all layers. // [L, N, H] to L of [1, N, H]</summary>
    private static Value[] Split(GraphBuilder graph, Value states, int layers) =>
        layers == 1 ? [states] : graph.Nodes("Split", layers, [states], [NodeAttribute.Of("axis", 0)]);
}
