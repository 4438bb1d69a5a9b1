using System.Text.Json;
using RnnLm.Diagnostics;
using RnnLm.Files;

namespace RnnLm.Training;

/// <summary>The checkpoint file of a training: what the loop, the engine and the best weights need to go on, to the same bits.</summary>
internal sealed class TrainingCheckpoint : IDisposable
{
    private const string WeightsSection = "weights", EngineSection = "engine", BestSection = "best", AverageSection = "average";

    private readonly string _path;
    private readonly bool _resumes;
    private readonly FileLock _lock;
    private readonly CheckpointState? _found;

    /// <param name="path">The file.</param>
    /// <param name="resumes">Whether to go on from it, if it is there.</param>
    /// <param name="overwrites">Whether, if it is there and nothing is gone on from, it may be replaced.</param>
    /// <exception cref="FormatException">The file is damaged, or no checkpoint.</exception>
    /// <exception cref="IOException">The file can't be written, or another run writes it; better to hear of it now than after hours of training.</exception>
    private TrainingCheckpoint(string path, bool resumes, bool overwrites)
    {
        (_path, _resumes) = (path, resumes);
        AtomicFile.CheckWritable(path);
        CheckpointState? state = File.Exists(path) ? Checkpoint.Load(path) : null;
        if (state is not null && (resumes || !overwrites))
            (_found, Found) = (state, StateOf(state));
        _lock = FileLock.Take(path);
    }

    /// <summary>Opens the checkpoint that the options name, if they name one.</summary>
    /// <inheritdoc cref="TrainingCheckpoint(string, bool, bool)" path="/exception"/>
    public static TrainingCheckpoint? Open(TrainingOptions options) =>
        options.CheckpointPath is { } path ? new(path, options.Resume, options.OverwriteCheckpoint) : null;

    /// <summary>Returns the seed of the training that a checkpoint is of.</summary>
    /// <exception cref="FormatException">The file is damaged, or no checkpoint.</exception>
    public static long SeedOf(string path) => StateOf(Checkpoint.Load(path))!.Seed;

    /// <summary>Gets what the file says of its training; null where there is none, or training begins anew over it.</summary>
    public TrainingState? Found { get; }

    /// <summary>Gets or sets what the training is of: model, vocabulary, data and options that its steps depend on.</summary>
    public string Fingerprint { get; set; } = "";

    /// <summary>Writes the checkpoint, unless the weights are ruined: then the one before is worth more.</summary>
    public void Save(ITrainingSession session, BestWeights best, AveragedWeights? average, ModelConfig config, TrainingState state)
    {
        var weights = new ModelWeights(config);
        session.ReadWeights(weights);
        if (!weights.AreFinite)
            return;
        Checkpoint.Save(_path, new CheckpointState
        {
            Fingerprint = Fingerprint,
            LoopState = JsonSerializer.Serialize(state, TrainingStateJson.Default.TrainingState),
            Sections = new Dictionary<string, IReadOnlyList<WeightTensor>>(StringComparer.Ordinal)
            {
                [WeightsSection] = [.. weights],
                [EngineSection] = session.SaveState(),
                [BestSection] = best.Step < 0 ? [] : [.. best.Weights],
                [AverageSection] = average is null ? [] : [.. average.Weights],
            },
        });
    }

    /// <summary>Puts session, best and averaged weights where the checkpoint was made.</summary>
    /// <returns>The state of the loop; null where training begins anew.</returns>
    /// <exception cref="CheckpointException">The checkpoint is of another training, or is not asked to be gone on from.</exception>
    public TrainingState? Restore(ITrainingSession session, BestWeights best, AveragedWeights? average, ModelConfig config)
    {
        if (_found is null || Found is null)
            return null;
        if (_found.Fingerprint != Fingerprint)
        {
            OptionMessage advice = _resumes ? "Train with the options and the data it was made with, or choose another checkpoint file."
                : (OptionMessage)$"It holds step {Found.Step:N0} of that training: choose another checkpoint file, or set {OptionIds.OverwriteCheckpoint} to begin anew and replace it.";
            throw new CheckpointException($"checkpoint '{_path}' is of another training. It was made with: {_found.Fingerprint}. Asked for now: {Fingerprint}. {advice}");
        }

        if (!_resumes)
            throw new CheckpointException($"checkpoint '{_path}' holds step {Found.Step:N0} of this training: set {OptionIds.Resume} to go on, or {OptionIds.OverwriteCheckpoint} to begin anew.");

        var weights = new ModelWeights(config);
        Fill(weights, WeightsSection);
        session.WriteWeights(weights);
        session.RestoreState(_found.Section(EngineSection));
        if (Found.BestStep >= 0)
            Fill(best.Weights, BestSection);
        if (average is not null)
            Fill(average.Weights, AverageSection);
        best.Resume(Found);
        return Found;
    }

    public void Dispose() => _lock.Dispose();

    private static TrainingState? StateOf(CheckpointState state) => JsonSerializer.Deserialize(state.LoopState, TrainingStateJson.Default.TrainingState);

    private void Fill(ModelWeights weights, string section)
    {
        foreach (WeightTensor tensor in _found!.Section(section))
        {
            if (!weights.TryGet(tensor.Name, out WeightTensor? own) || own.Values.Length != tensor.Values.Length)
                throw new FormatException($"Checkpoint '{_path}' has a tensor '{tensor.Name}' that the model has not, or of another shape.");
            tensor.Values.CopyTo(own.Values.AsSpan());
        }
    }
}
