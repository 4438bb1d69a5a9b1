using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Modeling;

/// <summary>The hidden states of all layers and directions, and an LSTM's cell states beside them.</summary>
/// <param name="Hidden">// [L·D, B, H]</param>
/// <param name="Cell">// [L·D, B, H]; null but for an LSTM.</param>
internal readonly record struct RecurrentState(Tensor Hidden, Tensor? Cell)
{
    public long BatchSize => Hidden.shape[1];

    /// <summary>Returns the states of some layers, as views.</summary>
    public RecurrentState Layers(long first, long count) => Map(state => state.narrow(0, first, count));

    /// <summary>Returns the states of some sequences, as views.</summary>
    public RecurrentState Sequences(long first, long count) => Map(state => state.narrow(1, first, count));

    /// <summary>Returns the same numbers without their history, so that no gradient flows on into the batch before.</summary>
    public RecurrentState Detach() => Map(state => state.detach());

    /// <summary>Returns the same numbers in the layout that cuDNN insists on.</summary>
    public RecurrentState Contiguous() => Map(state => state.contiguous());

    public RecurrentState Map(Func<Tensor, Tensor> map) => new(map(Hidden), Cell is null ? null : map(Cell));

    public void ForEach(Action<Tensor> action)
    {
        action(Hidden);
        if (Cell is not null)
            action(Cell);
    }

    /// <summary>Puts states together along a dimension: 0 for layers, 1 for sequences.</summary>
    public static RecurrentState Concat(IReadOnlyList<RecurrentState> parts, long dimension) => parts.Count == 1
        ? parts[0]
        : new(Tensors.Join([.. parts.Select(part => part.Hidden)], dimension),
        parts[0].Cell is null ? null : Tensors.Join([.. parts.Select(part => part.Cell!)], dimension));
}
