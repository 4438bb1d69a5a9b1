namespace RnnLm.Diagnostics;

/// <summary>The options that are spoken of outside of the checks of their own group.</summary>
internal static class OptionIds
{
    public static readonly OptionId Cell = Model(nameof(ModelOptions.Cell));
    public static readonly OptionId HiddenSize = Model(nameof(ModelOptions.HiddenSize));
    public static readonly OptionId Layers = Model(nameof(ModelOptions.Layers));
    public static readonly OptionId EmbeddingSize = Model(nameof(ModelOptions.EmbeddingSize));

    public static readonly OptionId MinCount = new("Vocabulary", nameof(VocabularyOptions.MinCount));
    public static readonly OptionId Characters = new("Vocabulary", nameof(VocabularyOptions.Characters));
    public static readonly OptionId UnknownCharacters = new("Vocabulary", nameof(VocabularyOptions.UnknownCharacters));
    public static readonly OptionId Grow = new("Vocabulary", nameof(VocabularyOptions.Grow));

    public static readonly OptionId Mode = Data(nameof(LanguageModelDataOptions.Mode));
    public static readonly OptionId BatchSize = Data(nameof(DataOptions.BatchSize));
    public static readonly OptionId SequenceLength = Data(nameof(LanguageModelDataOptions.SequenceLength));
    public static readonly OptionId WindowOrder = Data(nameof(LanguageModelDataOptions.WindowOrder));
    public static readonly OptionId WindowStride = Data(nameof(LanguageModelDataOptions.WindowStride));
    public static readonly OptionId MaxRowLength = Data(nameof(DataOptions.MaxRowLength));
    public static readonly OptionId KeepLineEnds = Data(nameof(DataOptions.KeepLineEnds));
    public static readonly OptionId KeepTextFilter = Data(nameof(LanguageModelDataOptions.KeepTextFilter));

    public static readonly OptionId LearningRate = new("Optimizer", nameof(OptimizerOptions.LearningRate));
    public static readonly OptionId AccumulationSteps = new("Optimizer", nameof(OptimizerOptions.AccumulationSteps));
    public static readonly OptionId ClipNorm = new("Optimizer", nameof(OptimizerOptions.ClipNorm));

    public static readonly OptionId Epochs = Training(nameof(TrainingOptions.Epochs));
    public static readonly OptionId MaxSteps = Training(nameof(TrainingOptions.MaxSteps));
    public static readonly OptionId ValidationFraction = Training(nameof(TrainingOptions.ValidationFraction));
    public static readonly OptionId PrivacyNoise = Training(nameof(TrainingOptions.PrivacyNoise));
    public static readonly OptionId PrivacyClipNorm = Training(nameof(TrainingOptions.PrivacyClipNorm));
    public static readonly OptionId PrivacyDelta = Training(nameof(TrainingOptions.PrivacyDelta));
    public static readonly OptionId BestBy = Training(nameof(TrainingOptions.BestBy));
    public static readonly OptionId Seed = Training(nameof(TrainingOptions.Seed));
    public static readonly OptionId CheckpointPath = Training(nameof(TrainingOptions.CheckpointPath));
    public static readonly OptionId Resume = Training(nameof(TrainingOptions.Resume));
    public static readonly OptionId OverwriteCheckpoint = Training(nameof(TrainingOptions.OverwriteCheckpoint));

    public static readonly OptionId MaxLengthLimit = new("Sampling", nameof(SamplingOptions.MaxLengthLimit));

    public static readonly OptionId Engine = new("Device", nameof(DeviceOptions.Engine));
    public static readonly OptionId Device = new("Device", nameof(DeviceOptions.Device));
    public static readonly OptionId FallbackToCpu = new("Device", nameof(DeviceOptions.FallbackToCpu));

    private static OptionId Model(string property) => new("Model", property);

    private static OptionId Data(string property) => new("Data", property);

    private static OptionId Training(string property) => new("Training", property);
}
