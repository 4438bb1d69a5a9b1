using RnnLm.Modeling;
using RnnLm.TorchSharp.Memory;
using RnnLm.TorchSharp.Modeling;

namespace RnnLm.TorchSharp.Training;

/// <summary>The state at the end of a batch, kept for the next one beyond the dispose scope it was made in.</summary>
internal sealed class CarriedState : IDisposable
{
    private const string HiddenName = "state.hidden", CellName = "state.cell";

    public RecurrentState? Value { get; private set; }

    /// <summary>Keeps a state without its history; null is none.</summary>
    public void Set(RecurrentState? state)
    {
        RecurrentState? kept = state?.Detach();
        kept?.ForEach(tensor => tensor.DetachFromDisposeScope());
        Dispose();
        Value = kept;
    }

    public IEnumerable<WeightTensor> Save()
    {
        if (Value is not { } state)
            yield break;
        yield return SavedState.FromTensor(HiddenName, state.Hidden);
        if (state.Cell is not null)
            yield return SavedState.FromTensor(CellName, state.Cell);
    }

    public void Restore(IReadOnlyList<WeightTensor> saved, CharRnnModule module)
    {
        Dispose();
        if (!saved.Has(HiddenName))
            return;
        // Of any number of sequences; the other lengths are held against the model before anything is made of that one.
        long[] one = module.StartState(1, conditions: null).Hidden.shape;
        WeightTensor hidden = saved.First(tensor => string.Equals(tensor.Name, HiddenName, StringComparison.Ordinal));
        int batchSize = hidden.Shape.Length == 3 ? hidden.Shape[1] : 0;
        saved.Find(HiddenName, one[0], batchSize, one[2]);
        RecurrentState state = module.StartState(batchSize, conditions: null);
        saved.FindInto(HiddenName, state.Hidden);
        if (state.Cell is not null)
            saved.FindInto(CellName, state.Cell);
        Set(state);
    }

    public void Dispose()
    {
        Value?.ForEach(tensor => tensor.Dispose());
        Value = null;
    }
}
