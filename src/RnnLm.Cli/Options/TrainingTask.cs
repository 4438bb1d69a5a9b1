namespace RnnLm.Cli.Options;

/// <summary>What a model is trained for.</summary>
internal enum TrainingTask
{
    /// <summary>To write and to score text.</summary>
    LanguageModel,

    /// <summary>To tell the label of a text.</summary>
    Classify,
}
