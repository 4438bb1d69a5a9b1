using RnnLm.Modeling;

namespace RnnLm.Training;

/// <summary>What exact resumption needs: arrays by section (weights, the engine's state, the best weights so far), and the training loop's
/// own state.</summary>
internal sealed record CheckpointState
{
    /// <summary>Gets what the steps of the training depend on, by name.</summary>
    public required IReadOnlyDictionary<string, string?> Fingerprint { get; init; }

    /// <summary>Gets the training loop's state.</summary>
    public required TrainingState Loop { get; init; }

    /// <summary>Gets the arrays of each section. Names of sections have no slash; one without arrays is not there after reading.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<WeightTensor>> Sections { get; init; }

    /// <summary>Gets the arrays of a section, none where it is not there.</summary>
    public IReadOnlyList<WeightTensor> Section(string name) => Sections.GetValueOrDefault(name, []);
}
