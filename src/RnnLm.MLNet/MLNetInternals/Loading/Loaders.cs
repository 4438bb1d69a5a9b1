using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.MLNet;
using RnnLm.MLNet.MLNetInternals.Loading;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;

[assembly: LoadableClass("Continues text by a recurrent network.", typeof(RnnLanguageModelTransformer), typeof(LanguageModelLoader), null,
    typeof(SignatureLoadModel), "RNN Language Model", MemberSignature.LanguageModel)]
[assembly: LoadableClass("Says how usual a text is to a recurrent network.", typeof(RnnTextScorer), typeof(TextScorerLoader), null,
    typeof(SignatureLoadModel), "RNN Text Scorer", MemberSignature.TextScorer)]
[assembly: LoadableClass("Turns text into the hidden state of a recurrent network.", typeof(RnnTextFeaturizer),
    typeof(TextFeaturizerLoader), null,
    typeof(SignatureLoadModel), "RNN Text Featurizer", MemberSignature.TextFeaturizer)]
[assembly: LoadableClass("Suggests how a text goes on by a recurrent network.", typeof(RnnTextSuggester), typeof(TextSuggesterLoader), null,
    typeof(SignatureLoadModel), "RNN Text Suggester", MemberSignature.TextSuggester)]
[assembly: LoadableClass("Says whether a text is plausible to a recurrent network.", typeof(RnnTextAnomalyDetector),
    typeof(TextAnomalyDetectorLoader), null,
    typeof(SignatureLoadModel), "RNN Text Anomaly Detector", MemberSignature.TextAnomalyDetector)]
[assembly: LoadableClass("Classifies text by a recurrent network.", typeof(RnnTextTransformer), typeof(TextClassifierLoader), null,
    typeof(SignatureLoadModel), "RNN Text Classifier", MemberSignature.TextClassifier)]

namespace RnnLm.MLNet.MLNetInternals.Loading;

/// <summary>Called by ML.NET, which finds it by the attribute above, for a member of a model file that has its signature.</summary>
internal static class LanguageModelLoader
{
    internal static RnnLanguageModelTransformer Create(IHostEnvironment environment, ModelLoadContext context) =>
        new(environment, ModelEntries.Load(environment, context, MemberSignature.LanguageModel));
}

/// <inheritdoc cref="LanguageModelLoader"/>
internal static class TextScorerLoader
{
    internal static RnnTextScorer Create(IHostEnvironment environment, ModelLoadContext context) =>
        new(environment, ModelEntries.Load(environment, context, MemberSignature.TextScorer));
}

/// <inheritdoc cref="LanguageModelLoader"/>
internal static class TextFeaturizerLoader
{
    internal static RnnTextFeaturizer Create(IHostEnvironment environment, ModelLoadContext context) =>
        new(environment, ModelEntries.Load(environment, context, MemberSignature.TextFeaturizer));
}

/// <inheritdoc cref="LanguageModelLoader"/>
internal static class TextSuggesterLoader
{
    internal static RnnTextSuggester Create(IHostEnvironment environment, ModelLoadContext context) =>
        new(environment, ModelEntries.Load(environment, context, MemberSignature.TextSuggester));
}

/// <inheritdoc cref="LanguageModelLoader"/>
internal static class TextAnomalyDetectorLoader
{
    internal static RnnTextAnomalyDetector Create(IHostEnvironment environment, ModelLoadContext context) =>
        new(environment, ModelEntries.Load(environment, context, MemberSignature.TextAnomalyDetector));
}

/// <inheritdoc cref="LanguageModelLoader"/>
internal static class TextClassifierLoader
{
    // ML.NET wants the type that the attribute names.
    internal static RnnTextTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        SavedModel saved = ModelEntries.Load(environment, context, MemberSignature.TextClassifier);
        return BinaryClassifierColumns.Has(saved)
            ? new RnnTextBinaryClassificationTransformer(environment, saved)
            : new RnnTextClassificationTransformer(environment, saved);
    }
}
