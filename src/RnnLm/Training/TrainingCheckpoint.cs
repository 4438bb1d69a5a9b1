using System.Text.Json;

namespace RnnLm;

/// <summary>The checkpoint file of a training: what the loop, the engine and the best weights need to go on, to the same bits.</summary>
internal sealed class TrainingCheckpoint
{
    private const string WeightsSection = "weights", EngineSection = "engine", BestSection = "best", AverageSection = "average";

    private readonly string _path;
    private readonly CheckpointState? _found;

    /// <param name="path">The file.</param>
    /// <param name="resume">Whether to go on from it, if it is there.</param>
    /// <exception cref="FormatException">The file is damaged, or no checkpoint.</exception>
    /// <exception cref="IOException">The file can't be written; better to hear of it now than after hours of training.</exception>
    public TrainingCheckpoint(string path, bool resume)
    {
        _path = path;
        AtomicFile.CheckWritable(path);
        if (!resume || !File.Exists(path))
            return;
        _found = Checkpoint.Load(path);
        Found = JsonSerializer.Deserialize(_found.LoopState, TrainingStateJson.Default.TrainingState);
    }

    /// <summary>Gets what the file says of the training that it goes on from; null where training begins anew.</summary>
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
    /// <exception cref="InvalidOperationException">The checkpoint is of another training.</exception>
    public TrainingState? Restore(ITrainingSession session, BestWeights best, AveragedWeights? average, ModelConfig config)
    {
        if (_found is null || Found is null)
            return null;
        if (_found.Fingerprint != Fingerprint)
        {
            throw new InvalidOperationException($"Checkpoint '{_path}' is of another training. It was made with: {_found.Fingerprint}. Asked for now: {Fingerprint}. "
                + "Train with the options and the data it was made with, or choose another checkpoint file.");
        }

        var weights = new ModelWeights(config);
        Fill(weights, WeightsSection);
        session.WriteWeights(weights);
        session.RestoreState(_found.Section(EngineSection));
        if (Found.BestStep >= 0)
            Fill(best.Weights, BestSection);
        if (average is not null)
            Fill(average.Weights, AverageSection);
        best.Resume(Found.BestStep, Found.BestLoss, Found.BestScore, Found.EvaluationsSinceBest);
        return Found;
    }

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
