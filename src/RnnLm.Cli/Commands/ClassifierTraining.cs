namespace RnnLm.Cli;

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
    /// <param name="rows">The texts, each with its label as condition.</param>
    /// <param name="validation">The texts to validate on, or null.</param>
    /// <param name="languageModel">The language model to start from, or null.</param>
    public SavedModel Train(IEnumerable<TextRow> rows, IEnumerable<TextRow>? validation, RnnLanguageModel? languageModel)
    {
        using RnnTextClassifier trained = RnnTextClassifier.Train(rows.Select(WithLabel), Options, validation?.Select(WithLabel), languageModel);
        return trained.Saved;
    }

    /// <summary>Makes a label that is left empty a missing one, whose row is not trained on.</summary>
    private static TextRow WithLabel(TextRow row) => string.IsNullOrEmpty(row.Condition) ? row with { Condition = null } : row;
}
