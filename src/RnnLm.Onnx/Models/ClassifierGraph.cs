using RnnLm.ModelFiles;
using RnnLm.Onnx.Graphs;
using DataType = RnnLm.Onnx.Messages.TensorProto.Types.DataType;

namespace RnnLm.Onnx.Models;

/// <summary>The graph that classifies texts.</summary>
internal static class ClassifierGraph
{
    public static GraphBuilder Build(SavedModel model, bool areStrings)
    {
        var graph = new GraphBuilder("classifier");
        var network = new Network(graph, model.Config, model.Weights);
        var text = new TextInput(graph, model.Vocabulary, areStrings, model.MaxRowLength);
        TokenColumns characters = text.Add("", "The texts");
        var rows = new TokenRows(graph, text.Batch);
        rows.Add(characters, mark: true);
        rows.Join(least: 1);
        var start = new StartingStates(graph, model, text.Batch, condition: null);

        // A text without characters is one token, the first of the vocabulary: the 0 behind its end.
        LayerValues[] layers = network.Run(network.Embed(graph.Transpose(rows.Ids, 1, 0)), rows.SequenceLengths(), start.Of);
        var pool = new StatePool(graph, model.Config.Pooling, graph.Transpose(rows.IsMarked, 1, 0),
            graph.Equal(rows.Lengths, graph.Long(0)));
        Value probabilities =
            graph.Node("Softmax", [network.Output(pool.Apply(layers[^1]))], NodeAttribute.Of("axis", -1));   // [N, C]
        Value best = graph.Node("ArgMax", [probabilities], NodeAttribute.Of("axis", 1), NodeAttribute.Of("keepdims", 1));   // [N, 1]
        graph.Output("label", graph.Gather(graph.Strings("labels", model.Classes), best), DataType.String,
            "The most likely label of each text.", "N", 1);
        graph.Output("probabilities", probabilities, DataType.Float, "The probability of each label.", "N", model.Classes.Count);
        return graph;
    }
}
