using RnnLm.Onnx.Messages;

namespace RnnLm.Onnx.Graphs;

/// <summary>Texts in their frames, as the network reads them: parts that stand one behind the other.</summary>
/// <param name="graph">The graph.</param>
/// <param name="batch">The number of texts, N. // [1]</param>
internal sealed class TokenRows(GraphBuilder graph, Value batch)
{
    private readonly List<TokenColumns> _parts = [];
    private readonly List<Value> _marks = [];

    /// <summary>Gets the ids, after <see cref="Join"/>; 0 behind the end. // [N, S]</summary>
    public Value Ids { get; private set; }

    /// <summary>Gets which of them are marked; none behind the end. // [N, S]</summary>
    public Value IsMarked { get; private set; }

    /// <summary>Gets the number of tokens of each text. // [N]</summary>
    public Value Lengths { get; private set; }

    /// <summary>Adds tokens of texts.</summary>
    /// <param name="part">The tokens.</param>
    /// <param name="mark">Whether they are marked.</param>
    public void Add(TokenColumns part, bool mark)
    {
        _parts.Add(part);
        _marks.Add(mark ? part.IsRead : graph.And(part.IsRead, graph.Bools(false)));
    }

    /// <summary>Adds tokens that all texts have.</summary>
    /// <param name="ids">The tokens.</param>
    /// <param name="mark">Whether they are marked.</param>
    /// <param name="when">Where they are read; nothing for everywhere. // [N, 1]</param>
    public void Add(int[] ids, bool mark = false, Value? when = null)
    {
        if (ids.Length == 0)
            return;
        Value shape = graph.Concat(0, batch, graph.Longs(ids.Length));
        Value tokens = graph.Longs([.. ids.Select(id => (long)id)], 1, ids.Length);
        Add(new TokenColumns(graph.Expand(tokens, shape), graph.Expand(when ?? graph.Bools(true), shape)), mark);
    }

    /// <summary>Joins the parts.</summary>
    /// <param name="least">The number of columns that there are at least.</param>
    public void Join(int least)
    {
        Add([.. Enumerable.Repeat(0, least)], when: graph.Bools(false));
        Value isRead = graph.Concat(1, [.. _parts.Select(part => part.IsRead)]);
        Value ids = graph.Where(isRead, graph.Concat(1, [.. _parts.Select(part => part.Ids)]), graph.Long(0));
        var compaction = new Compaction(graph, isRead, least);
        Ids = compaction.Apply(ids);
        IsMarked = compaction.Apply(graph.Concat(1, [.. _marks]));
        Lengths = compaction.Lengths;
    }

    /// <summary>Gets the lengths as recurrent operators want them, each at least 1. // [N], of 32 bits</summary>
    /// <param name="less">What is taken off.</param>
    public Value SequenceLengths(int less = 0)
    {
        Value lengths = less == 0 ? Lengths : graph.Node("Sub", [Lengths, graph.Longs(less)]);
        return graph.Cast(graph.Max(lengths, graph.Longs(1)), TensorProto.Types.DataType.Int32);
    }
}
