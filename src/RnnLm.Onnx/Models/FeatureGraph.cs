using RnnLm.Lanes;
using RnnLm.ModelFiles;
using RnnLm.Onnx.Graphs;
using DataType = RnnLm.Onnx.Messages.TensorProto.Types.DataType;

namespace RnnLm.Onnx.Models;

/// <summary>The graph that turns texts into the hidden states of a language model.</summary>
internal static class FeatureGraph
{
    public static GraphBuilder Build(SavedModel model, bool areStrings, Pooling pooling, bool allLayers)
    {
        var graph = new GraphBuilder("features");
        var network = new Network(graph, model.Config, model.Weights);
        var text = new TextInput(graph, model.Vocabulary, areStrings);
        var framing = new TextFraming(model.Vocabulary, model.DataMode, model.RowSeparator);
        TokenColumns characters = text.Add("", "The texts");
        Value count = graph.Sum(graph.Cast(characters.IsRead, DataType.Int64), 1, keepDimension: true);   // [N, 1]
        Value isEmpty = graph.Equal(count, graph.Long(0));
        var rows = new TokenRows(graph, text.Batch);
        rows.Add(framing.BeforePrompt);
        rows.Add(characters, mark: true);
        rows.Add(framing.Opening, when: isEmpty);
        rows.Add(framing.AfterPrompt, when: isEmpty);
        rows.Join(least: 1);
        var start = new StartingStates(graph, model, text.Batch, ConditionInput.Add(graph, model, areStrings));

        LayerValues[] layers = network.Run(network.Embed(graph.Transpose(rows.Ids, 1, 0)), rows.SequenceLengths(), start.Of);
        // Where there are no characters, the state after the frame stands for the text.
        var pool = new StatePool(graph, pooling, graph.Transpose(rows.IsMarked, 1, 0), graph.Squeeze(isEmpty, 1));
        Value features = graph.Concat(1, [.. layers[(allLayers ? 0 : layers.Length - 1)..].Select(pool.Apply)]);
        graph.Output("features", features, DataType.Float, "The features of each text.", "N",
            (allLayers ? layers.Length : 1) * model.Config.HiddenSize);
        return graph;
    }
}
