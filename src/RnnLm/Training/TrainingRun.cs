using RnnLm.Data;
using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.Modeling;

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

    /// <summary>Gets how the losses of a minibatch are put together.</summary>
    public LossReduction LossReduction { get; init; } = LossReduction.Mean;

    /// <summary>Gets the share of positions at which a language model reads the true character.</summary>
    public double TeacherForcingRatio { get; init; } = 1;

    /// <param name="checkpoint">Where the training can be gone on with, or null.</param>
    /// <param name="characters">The number of characters that are trained on.</param>
    public (ModelWeights Weights, TrainingSummary Summary) Execute(TrainingCheckpoint? checkpoint, long characters)
    {
        Options.Log?.Report(new(LogSeverity.Info, $"Training {Describe()} ({Counted.Of(Weights.ParameterCount, "weight")}) on "
            + $"{Counted.Of(characters, "character")}, {Counted.Of(Training.BatchesPerEpoch, "minibatch", "minibatches")} an epoch, with "
            + $"the {Choice.Engine.Kind} engine "
            + $"on {Choice.Device}."));
        using ITrainingSession session = Choice.Engine.StartTraining(Config, Weights, new TrainingSessionOptions
        {
            Optimizer = Optimizer,
            Dropout = Dropout,
            LossReduction = LossReduction,
            ClassWeights = ClassWeights,
            LabelSmoothing = Options.LabelSmoothing,
            Privacy = Options.IsPrivate ? new(Options.PrivacyNoise, Options.PrivacyClipNorm, Training.Sampling!.ExpectedRows) : null,
            Device = Choice.Device,
            Threads = Choice.Threads,
            MixedPrecision = MixedPrecision,
            Seed = (ulong)Seed,
        });
        var shaper = new BatchShaper(Config, TeacherForcingRatio, (ulong)Seed);
        return new TrainingLoop(session, Config, Training, Validation, shaper, Optimizer, Options, Seed, checkpoint).Run();
    }

    private string Describe() =>
        $"{(Config.Bidirectional ? "bidirectional " : "")}{Config.Cell.ToString().ToUpperInvariant()} {Config.Layers}x{Config.HiddenSize}, "
        + $"{(Config.EmbeddingSize > 0 ? $"embedding {Config.EmbeddingSize}" : "one-hot")}, {Config.VocabularySize} tokens";
}
