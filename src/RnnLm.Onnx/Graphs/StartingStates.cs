using RnnLm.ModelFiles;
using RnnLm.Modeling;

namespace RnnLm.Onnx.Graphs;

/// <summary>The states from which texts start, as in evaluation: a model trained from normal states starts from their mean,
/// zeros.</summary>
internal sealed class StartingStates
{
    private readonly GraphBuilder _graph;
    private readonly Value? _states;   // [L, S, D, N, H]

    /// <param name="graph">The graph.</param>
    /// <param name="model">The model.</param>
    /// <param name="batch">The number of texts, N. // [1]</param>
    /// <param name="condition">The number of each text's condition from 1, or 0 for none; nothing for a model without. // [N]</param>
    public StartingStates(GraphBuilder graph, SavedModel model, Value batch, Value? condition)
    {
        _graph = graph;
        ModelConfig config = model.Config;
        if (AreZero(config))
            return;
        float[] own = StartingState.Of(config, model.Weights);
        float[] conditions = config.Conditions > 0 ? model.Weights["condition.weight"].Values : [];
        Value table = graph.Floats("starting_states", [.. own, .. conditions], config.Conditions + 1, own.Length);
        Value rows = graph.Gather(table, condition ?? graph.Expand(graph.Longs(0), batch));   // [N, L·D·S·H]
        Value states =
            graph.Reshape(rows, -1, config.Layers, config.Directions, config.StatesPerLayer, config.HiddenSize);
        _states = graph.Transpose(states, 1, 3, 2, 0, 4);
    }

    /// <summary>Gets whether all texts start from zeros.</summary>
    public static bool AreZero(ModelConfig config) =>
        config is { Conditions: 0, InitialState: InitialState.Zeros or InitialState.Normal };

    /// <summary>Gets the state of a layer, or none where it is zero.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="state">0 for the hidden state, 1 for the cell state. // [D, N, H]</param>
    public Value Of(int layer, int state) =>
        _states is { } states ? _graph.Gather(_graph.Gather(states, _graph.Long(layer)), _graph.Long(state)) : Value.None;

    /// <summary>Gets the states of all layers of a model of one direction.</summary>
    /// <param name="state">0 for the hidden state, 1 for the cell state. // [L, N, H]</param>
    public Value All(int state) => _graph.Squeeze(_graph.Gather(_states!.Value, _graph.Long(state), axis: 1), 1);
}
