using RnnLm.Lanes;
using RnnLm.ModelFiles;
using RnnLm.Onnx.Graphs;
using DataType = RnnLm.Onnx.Messages.TensorProto.Types.DataType;

namespace RnnLm.Onnx.Models;

/// <summary>The graph that says how probable texts are to a language model.</summary>
internal static class ScoreGraph
{
    public static GraphBuilder Build(SavedModel model, bool areStrings)
    {
        var graph = new GraphBuilder("scores");
        var network = new Network(graph, model.Config, model.Weights);
        var text = new TextInput(graph, model.Vocabulary, areStrings);
        TokenRows rows = Frame(graph, model, text);
        var start = new StartingStates(graph, model, text.Batch, ConditionInput.Add(graph, model, areStrings));

        // Each token is read, and the next one looked up in what is expected then.
        Value read = graph.Transpose(graph.Slice(rows.Ids, 1, graph.Longs(0), graph.Longs(-1)), 1, 0);   // [T, N]
        Value next = graph.Transpose(graph.Slice(rows.Ids, 1, graph.Longs(1), graph.Longs(int.MaxValue)), 1, 0);   // [T, N]
        Value isCounted = graph.Slice(rows.IsMarked, 1, graph.Longs(1), graph.Longs(int.MaxValue));   // [N, T]
        Value states = network.Run(network.Embed(read), rows.SequenceLengths(less: 1), start.Of)[^1].Outputs;   // [T, N, H]
        Value logits = network.Output(graph.Reshape(states, -1, model.Config.HiddenSize));   // [T·N, V]
        Value logProbabilities = graph.Node("LogSoftmax", [logits], NodeAttribute.Of("axis", -1));
        Value chosen = graph.GatherElements(logProbabilities, graph.Reshape(next, -1, 1), axis: 1);   // [T·N, 1]
        Value each = graph.Transpose(graph.Node("Reshape", [chosen, graph.Node("Shape", [next])]), 1, 0);   // [N, T]
        Value counted = graph.Where(isCounted, each, graph.Float(0));
        Value count = graph.Sum(graph.Cast(isCounted, DataType.Int64), 1, keepDimension: true);   // [N, 1]
        Value sum = graph.Sum(graph.Cast(counted, DataType.Double), 1, keepDimension: true);
        // The input of a pair comes before what is counted.
        if (model.DataMode == DataMode.Pairs)
            counted = new Compaction(graph, isCounted, 1).Apply(counted);

        graph.Output("log_probability", graph.Cast(sum, DataType.Float), DataType.Float,
            "The natural logarithm of the probability of each text.", "N", 1);
        graph.Output("character_log_probabilities", counted, DataType.Float,
            "The logarithm for each counted character in turn, and for the end where the model knows ends; 0 behind.", "N", "C");
        graph.Output("count", count, DataType.Int64, "The number of characters counted of each text.", "N", 1);
        return graph;
    }

    private static TokenRows Frame(GraphBuilder graph, SavedModel model, TextInput text)
    {
        var framing = new TextFraming(model.Vocabulary, model.DataMode, model.RowSeparator);
        bool isPair = model.DataMode == DataMode.Pairs;
        TokenColumns? input = isPair ? text.Add("input", "What the text that is scored follows") : null;
        TokenColumns scored = text.Add(isPair ? "target" : "", "The texts");
        var rows = new TokenRows(graph, text.Batch);
        rows.Add(framing.BeforePrompt);
        if (input is { } columns)
            rows.Add(columns, mark: false);
        rows.Add(framing.AfterPrompt);
        rows.Add(scored, mark: true);
        rows.Add(framing.EndId is { } end ? [end] : [], mark: true);
        // The first is read before there is anything to count.
        rows.Join(least: 2);
        return rows;
    }
}
