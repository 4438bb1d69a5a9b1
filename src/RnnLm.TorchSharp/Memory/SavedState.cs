using RnnLm.Engines;
using RnnLm.Modeling;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Memory;

/// <summary>Puts tensors and counters into named arrays of floats, and takes them out again, to the bit.</summary>
internal static class SavedState
{
    public static WeightTensor FromTensor(string name, Tensor tensor)
    {
        var saved = new WeightTensor(name, [.. tensor.shape.Select(length => (int)length)]);
        HostArrays.Read(tensor, saved.Values);
        return saved;
    }

    public static WeightTensor FromCounter(string name, long counter)
    {
        var saved = new WeightTensor(name, SavedCounter.Words);
        SavedCounter.Write(counter, saved.Values);
        return saved;
    }

    /// <summary>Finds a tensor of a given shape by its name.</summary>
    /// <exception cref="FormatException">There is none, or it has another shape.</exception>
    public static WeightTensor Find(this IReadOnlyList<WeightTensor> state, string name, params long[] shape)
    {
        WeightTensor saved = state.FirstOrDefault(tensor => string.Equals(tensor.Name, name, StringComparison.Ordinal))
            ?? throw new FormatException($"The saved training state has no '{name}': it is damaged, or of another optimiser or engine.");
        return saved.Shape.Select(length => (long)length).SequenceEqual(shape)
            ? saved
            : throw new FormatException($"The saved tensor '{name}' has the shape [{string.Join(", ", saved.Shape)}], not "
            + $"[{string.Join(", ", shape)}].");
    }

    public static long FindCounter(this IReadOnlyList<WeightTensor> state, string name) =>
        SavedCounter.Read(state.Find(name, SavedCounter.Words).Values, name);

    public static bool Has(this IReadOnlyList<WeightTensor> state, string name) =>
        state.Any(tensor => string.Equals(tensor.Name, name, StringComparison.Ordinal));

    /// <summary>Copies a saved tensor over one of the same shape.</summary>
    public static void FindInto(this IReadOnlyList<WeightTensor> state, string name, Tensor destination) =>
        destination.copy_(HostArrays.ToTensor(state.Find(name, destination.shape).Values, CPU, destination.shape));
}
