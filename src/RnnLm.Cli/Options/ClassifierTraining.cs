using RnnLm.ModelFiles;

namespace RnnLm.Cli.Options;

/// <summary>Trains a classifier on lines of a label, a tab and a text: what <c>train</c> does when it is asked to classify.</summary>
/// <param name="shared">The options that language models have too.</param>
/// <param name="classifier">The options of classifiers alone.</param>
internal sealed class ClassifierTraining(LanguageModelOptions shared, ClassifierOptions classifier)
{
    /// <summary>Gets all options of the classifier.</summary>
    public TextClassifierOptions Options { get; } = new()
    {
        Model = shared.Model,
        Classifier = classifier,
        Vocabulary = shared.Vocabulary,
        Data = shared.Data,
        Optimizer = shared.Optimizer,
        Training = shared.Training,
        Device = shared.Device,
    };

    /// <summary>Trains.</summary>
    /// <param name="rows">The texts with their labels.</param>
    /// <param name="validation">Those to validate on, or null.</param>
    /// <param name="languageModel">The language model to start from, or null.</param>
    public SavedModel Train(IEnumerable<LabelledText> rows, IEnumerable<LabelledText>? validation, RnnLanguageModel? languageModel)
    {
        using RnnTextClassifier trained = RnnTextClassifier.Train(rows, Options, validation, languageModel);
        return trained.Saved;
    }
}
