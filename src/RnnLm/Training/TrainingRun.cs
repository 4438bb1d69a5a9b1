using System.Security.Cryptography;
using System.Text;
using RnnLm.Data;
using RnnLm.Engines;

namespace RnnLm.Training;

/// <summary>One run of the training loop on an engine: what a language model's trainer and a classifier's have in common.</summary>
internal sealed record TrainingRun(
    ModelConfig Config, ModelWeights Weights, BatchSource Training, ValidationData? Validation,
    OptimizerOptions Optimizer, TrainingOptions Options, EngineChoice Choice, bool MixedPrecision, long Seed)
{
    /// <summary>Gets what is dropped.</summary>
    public DropoutRates Dropout { get; init; } = DropoutRates.None;

    /// <summary>Gets the weights of a classifier's classes in the loss, or null for 1 each. // [C]</summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <param name="checkpoint">Where the training can be gone on with, or null.</param>
    /// <param name="corpus">The training data.</param>
    /// <param name="data">How they were read.</param>
    /// <param name="loss">What beside these the loss depends on, in words, or null.</param>
    public (ModelWeights Weights, TrainingSummary Summary) Execute(TrainingCheckpoint? checkpoint, Corpus corpus, DataOptions data, string? loss = null)
    {
        Options.Log?.Report(new(LogSeverity.Info, $"Training {Describe()} ({Weights.ParameterCount:N0} weights) on {corpus.Tokens.Count:N0} characters, "
            + $"{Training.BatchesPerEpoch:N0} minibatches an epoch, with the {Choice.Engine.Kind} engine on {Choice.Device}."));
        if (checkpoint is not null)
            checkpoint.Fingerprint = Fingerprint(corpus, data, loss);
        using ITrainingSession session = Choice.Engine.StartTraining(Config, Weights, new TrainingSessionOptions
        {
            Optimizer = Optimizer,
            Dropout = Dropout,
            LossReduction = Options.LossReduction,
            ClassWeights = ClassWeights,
            Device = Choice.Device,
            Threads = Choice.Threads,
            MixedPrecision = MixedPrecision,
            Seed = (ulong)Seed,
        });
        return new TrainingLoop(session, Config, Training, Validation, Optimizer, Options, Seed, checkpoint).Run();
    }

    private string Describe() =>
        $"{(Config.Bidirectional ? "bidirectional " : "")}{Config.Cell.ToString().ToUpperInvariant()} {Config.Layers}x{Config.HiddenSize}, "
        + $"{(Config.EmbeddingSize > 0 ? $"embedding {Config.EmbeddingSize}" : "one-hot")}, {Config.VocabularySize} tokens";

    /// <summary>Says in words what the steps of a training depend on, so that a checkpoint of another one can be told, and told why.</summary>
    private string Fingerprint(Corpus corpus, DataOptions data, string? loss) => string.Join(", ",
        Describe(),
        $"vocabulary {Hash(string.Concat(corpus.Vocabulary.Characters.Select(c => c.ToString())))}",
        $"{data.Mode} of {corpus.Tokens.Count} characters {corpus.Hash()} in batches of {data.BatchSize}x{data.SequenceLength} {data.WindowOrder}",
        $"{Optimizer.Kind} at {Optimizer.LearningRate}{(Options.AveragingDecay > 0 ? $" averaged by {Options.AveragingDecay}" : "")}, kept by {Options.BestBy}",
        $"{Choice.Engine.Kind}{(loss is null ? "" : $", {loss}")}");

    /// <summary>Shortens a text to a few digits that tell it from others.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 4));
}
