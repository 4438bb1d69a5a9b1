namespace RnnLm.Onnx.Graphs;

/// <summary>Moves the elements of each row that are read to its front, in their order. One mechanism for all that is left out: padding,
/// characters that are skipped, the second half of a line end, frames that a text does not have.</summary>
internal sealed class Compaction
{
    private readonly GraphBuilder _graph;
    private readonly Value _order, _width;

    /// <param name="graph">The graph.</param>
    /// <param name="isRead">Whether an element is read. // [N, T]</param>
    /// <param name="least">The number of columns that are kept at least, S; no more than there are.</param>
    public Compaction(GraphBuilder graph, Value isRead, int least)
    {
        _graph = graph;
        Value columns = graph.Length(isRead, 1), column = graph.Unsqueeze(graph.Range(columns), 0);   // [1, T]
        // What is not read comes behind all that is.
        Value key = graph.Where(isRead, column, graph.Node("Add", [column, columns]));   // [N, T]
        _order = graph.Nodes("TopK", 2, [key, columns], [NodeAttribute.Of("largest", 0)])[1];
        Lengths = graph.Sum(graph.Cast(isRead, Messages.TensorProto.Types.DataType.Int64), 1);
        Value longest = graph.Node("ReduceMax", [Lengths], NodeAttribute.Of("keepdims", 1));   // [1]
        _width = graph.Max(longest, graph.Longs(least));
    }

    /// <summary>Gets the number of elements of each row that are read. // [N]</summary>
    public Value Lengths { get; }

    /// <summary>Moves elements, and cuts off the columns in which none is read. // [N, T] to [N, S]</summary>
    public Value Apply(Value values) =>
        _graph.Slice(_graph.GatherElements(values, _order, axis: 1), 1, _graph.Longs(0), _width);
}
