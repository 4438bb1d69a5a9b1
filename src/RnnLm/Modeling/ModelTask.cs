namespace RnnLm.Modeling;

/// <summary>What a model predicts.</summary>
internal enum ModelTask
{
    /// <summary>The next character, at every position.</summary>
    LanguageModel,

    /// <summary>One class for a whole text.</summary>
    Classification,
}
