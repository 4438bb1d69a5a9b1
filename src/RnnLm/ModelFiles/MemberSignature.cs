namespace RnnLm.ModelFiles;

/// <summary>The names by which ML.NET knows this library's transformers. They stand in model files and never change.</summary>
internal static class MemberSignature
{
    /// <summary>The loader signature of a transformer that writes text.</summary>
    public const string LanguageModel = "RnnLanguageModel";

    /// <summary>The loader signature of a transformer that classifies text.</summary>
    public const string TextClassifier = "RnnTextClassifier";

    /// <summary>The loader signature of a transformer that scores text.</summary>
    public const string TextScorer = "RnnTextScorer";

    /// <summary>The loader signature of a transformer that turns text into features.</summary>
    public const string TextFeaturizer = "RnnTextFeaturizer";

    /// <summary>The loader signature of a transformer that suggests how text goes on.</summary>
    public const string TextSuggester = "RnnTextSuggester";

    /// <summary>The loader signature of a transformer that says whether text is plausible.</summary>
    public const string TextAnomalyDetector = "RnnTextAnomalyDetector";

    /// <summary>The simple name of the assembly with the loaders.</summary>
    public const string AssemblyName = "RnnLm.MLNet";

    /// <summary>The full name of the assembly with the loaders. .NET takes this version or a higher one, so it stays the same within a
    /// major version.</summary>
    public const string AssemblyFullName = AssemblyName + ", Version=0.1.0.0, Culture=neutral, PublicKeyToken=null";

    /// <summary>The model signature, of eight characters, that belongs to a loader signature.</summary>
    public static string ModelSignature(string loaderSignature) => loaderSignature switch
    {
        LanguageModel => "RNNLANGM",
        TextClassifier => "RNNTXTCL",
        TextScorer => "RNNTXTSC",
        TextFeaturizer => "RNNTXTFE",
        TextSuggester => "RNNTXTSU",
        TextAnomalyDetector => "RNNTXTAN",
        _ => throw new ArgumentOutOfRangeException(nameof(loaderSignature), loaderSignature, "There is no transformer of that name."),
    };
}
