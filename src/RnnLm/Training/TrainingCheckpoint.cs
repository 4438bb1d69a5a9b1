using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.Files;
using RnnLm.Modeling;

namespace RnnLm.Training;

/// <summary>The checkpoint file of a training: what the loop, the engine and the best weights need to go on, to the same bits.</summary>
internal sealed class TrainingCheckpoint : IDisposable
{
    private const string WeightsSection = "weights", EngineSection = "engine", BestSection = "best", AverageSection = "average";

    private readonly string _path;
    private readonly bool _resumes;
    private readonly FileLock _lock;
    private CheckpointState? _found;

    /// <param name="path">The file.</param>
    /// <param name="resumes">Whether to go on from it, if it is there.</param>
    /// <param name="overwrites">Whether, if it is there and nothing is gone on from, it may be replaced.</param>
    /// <exception cref="FormatException">The file is damaged, or no checkpoint.</exception>
    /// <exception cref="IOException">The file can't be written, or another run writes it; better to hear of it now than after hours of
    /// training.</exception>
    private TrainingCheckpoint(string path, bool resumes, bool overwrites)
    {
        (_path, _resumes) = (path, resumes);
        AtomicFile.CheckWritable(path);
        CheckpointState? state = File.Exists(path) ? Checkpoint.Load(path) : null;
        if (resumes || !overwrites)
            _found = state;
        _lock = FileLock.Take(path);
    }

    /// <summary>Opens the checkpoint that the options name, if they name one.</summary>
    /// <inheritdoc cref="TrainingCheckpoint(string, bool, bool)" path="/exception"/>
    public static TrainingCheckpoint? Open(TrainingOptions options) =>
        options.CheckpointPath is { } path ? new(path, options.Resume, options.OverwriteCheckpoint) : null;

    /// <summary>Returns the seed of the training that a checkpoint is of.</summary>
    /// <exception cref="FormatException">The file is damaged, or no checkpoint.</exception>
    public static long SeedOf(string path) => Checkpoint.Load(path).Loop.Seed;

    /// <summary>Gets what the file says of its training; null where there is none, or training begins anew over it.</summary>
    public TrainingState? Found => _found?.Loop;

    /// <summary>Gets or sets what the steps of this training depend on.</summary>
    public TrainingFingerprint Fingerprint { get; set; } = new();

    /// <summary>Writes the checkpoint, unless weights or the engine's state are ruined: then the one before is worth more.</summary>
    public void Save(ITrainingSession session, BestWeights best, AveragedWeights? average, ModelConfig config, TrainingState state)
    {
        var weights = new ModelWeights(config);
        session.ReadWeights(weights);
        IReadOnlyList<WeightTensor> engine = session.SaveState();
        if (!weights.AreFinite || engine.Any(tensor => !tensor.IsFinite))
            return;
        Checkpoint.Save(_path, new CheckpointState
        {
            Fingerprint = Fingerprint.Values,
            Loop = state,
            Sections = new Dictionary<string, IReadOnlyList<WeightTensor>>(StringComparer.Ordinal)
            {
                [WeightsSection] = [.. weights],
                [EngineSection] = engine,
                [BestSection] = best.Step < 0 ? [] : [.. best.Weights],
                [AverageSection] = average is null ? [] : [.. average.Weights],
            },
        });
    }

    /// <summary>Puts session, best and averaged weights back to where they were when the checkpoint was written.</summary>
    /// <returns>The state of the loop; null where training begins anew.</returns>
    /// <exception cref="CheckpointException">The checkpoint is of another training, or training was not told to go on from it.</exception>
    /// <exception cref="FormatException">Its arrays are not those of this training.</exception>
    public TrainingState? Restore(ITrainingSession session, BestWeights best, AveragedWeights? average, ModelConfig config)
    {
        if (_found is null || Found is null)
            return null;
        IReadOnlyList<CheckpointDifference> differences = Fingerprint.DifferencesFrom(_found.Fingerprint);
        if (differences.Count > 0)
            throw OfAnotherTraining(differences);
        if (!_resumes)
            throw new CheckpointException($"checkpoint '{_path}' holds step {Found.Step:N0} of this training: set {OptionIds.Resume} to go "
                + $"on, or {OptionIds.OverwriteCheckpoint} to begin anew.");
        try
        {
            var weights = new ModelWeights(config);
            Fill(weights, WeightsSection);
            if (Found.BestStep >= 0)
                Fill(best.Weights, BestSection);
            if (average is not null)
                Fill(average.Weights, AverageSection);
            if (_found.Section(EngineSection).FirstOrDefault(tensor => !tensor.IsFinite) is { } ruined)
                throw new FormatException($"its '{EngineSection}/{ruined.Name}' holds NaN or infinity");
            session.WriteWeights(weights);
            session.RestoreState(_found.Section(EngineSection));
        }
        catch (FormatException e)
        {
            throw Damaged(e);
        }

        TrainingState loop = Found;
        best.Resume(loop);
        // Its copies of all weights are not needed again.
        _found = null;
        return loop;
    }

    /// <summary>Returns the error that says what is wrong with the file's contents.</summary>
    public FormatException Damaged(FormatException fault) => Checkpoint.Refusal(_path, fault);

    public void Dispose() => _lock.Dispose();

    private CheckpointException OfAnotherTraining(IReadOnlyList<CheckpointDifference> differences)
    {
        OptionMessage advice = _resumes
            ? "Give the options and the data it was made with, or name another checkpoint file."
            : (OptionMessage)($"It holds step {Found!.Step:N0} of that training: name another checkpoint file, "
                + $"or set {OptionIds.OverwriteCheckpoint} to begin anew and replace it.");
        var all = OptionMessage.Join("; ", differences.Select(difference => difference.Message));
        return new CheckpointException($"checkpoint '{_path}' is of another training: {all}. {advice}", differences);
    }

    private void Fill(ModelWeights weights, string section)
    {
        Dictionary<string, WeightTensor> found = _found!.Section(section).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (WeightTensor own in weights)
        {
            if (!found.Remove(own.Name, out WeightTensor? tensor) || !own.Shape.AsSpan().SequenceEqual(tensor.Shape))
                throw new FormatException($"it has no '{section}/{own.Name}' of shape [{string.Join(", ", own.Shape)}]");
            tensor.Values.CopyTo(own.Values.AsSpan());
        }

        if (found.Count > 0)
            throw new FormatException($"its '{section}/{found.Keys.First()}' is no part of the model");
        if (!weights.AreFinite)
            throw new FormatException($"its section '{section}' holds NaN or infinity");
    }
}
