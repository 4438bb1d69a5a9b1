using RnnLm.Onnx.Messages;

namespace RnnLm.Onnx.Graphs;

/// <summary>Makes one vector of the hidden states of each text.</summary>
internal sealed class StatePool
{
    private readonly GraphBuilder _graph;
    private readonly Pooling _pooling;
    private readonly Value _counts, _count;
    private readonly Value? _takesLast;

    /// <param name="graph">The graph.</param>
    /// <param name="pooling">How states become one.</param>
    /// <param name="counts">The positions whose states count. // [T, N]</param>
    /// <param name="takesLast">The texts of which the last state is taken, however the others are pooled; nothing for none. // [N]</param>
    public StatePool(GraphBuilder graph, Pooling pooling, Value counts, Value? takesLast = null)
    {
        (_graph, _pooling) = (graph, pooling);
        if (pooling == Pooling.Last)
            return;
        _counts = graph.Unsqueeze(counts, 2);   // [T, N, 1]
        _count = graph.Sum(graph.Cast(_counts, TensorProto.Types.DataType.Float), 0);   // [N, 1]
        _takesLast = takesLast is { } texts ? graph.Unsqueeze(texts, 1) : null;   // [N, 1]
    }

    /// <summary>Pools the states of a layer. // [N, D·H]</summary>
    public Value Apply(LayerValues layer)
    {
        Value last = _graph.Node("Flatten", [_graph.Transpose(layer.Hidden, 1, 0, 2)]);   // [D, N, H] to [N, D·H]
        if (_pooling == Pooling.Last)
            return last;
        Value pooled = _pooling == Pooling.Mean ? Mean(layer.Outputs) : Max(layer.Outputs);
        return _takesLast is { } takesLast ? _graph.Where(takesLast, last, pooled) : pooled;
    }

    private Value Mean(Value states)
    {
        Value counted = _graph.Where(_counts, states, _graph.Float(0));
        return _graph.Node("Div", [_graph.Sum(counted, 0), _count]);
    }

    private Value Max(Value states)
    {
        Value counted = _graph.Where(_counts, states, _graph.Float(float.NegativeInfinity));
        return _graph.Node("ReduceMax", [counted], NodeAttribute.Of("axes", [0L]), NodeAttribute.Of("keepdims", 0));
    }
}
