using System.Diagnostics.CodeAnalysis;
using RnnLm.Diagnostics;
using RnnLm.LanguageModels;
using RnnLm.ModelFiles;
using RnnLm.Modeling;

namespace RnnLm.Classification;

/// <summary>What the model decides that a classifier's training starts from: a language model, or a classifier that is trained
/// further.</summary>
internal static class PreviousClassifier
{
    private static readonly TextClassifierOptions Defaults = new();

    /// <summary>Returns whether a model is a classifier.</summary>
    public static bool IsClassifier([NotNullWhen(true)] this SavedModel? model) => model?.Config.Task == ModelTask.Classification;

    /// <summary>Makes the options of a training those of the model that it starts from.</summary>
    /// <param name="previous">The model.</param>
    /// <param name="options">The trainer's own copy of the options; changed.</param>
    /// <exception cref="OptionsException">Options are set that ask for what the model is not; the message names both values.</exception>
    public static void Keep(this PreviousModel previous, TextClassifierOptions options)
    {
        if (!previous.Model.IsClassifier())
        {
            previous.StartFrom(options.Model, options.Vocabulary);
            return;
        }

        (SavedModel had, ClassifierOptions own) = (previous.Model, options.Classifier);
        var faults = new OptionFaults();
        previous.KeepAll(options.Model, options.Vocabulary, faults);
        OptionFaults classifier = faults.In("Classifier");
        previous.Keep(classifier, nameof(own.Bidirectional), own.Bidirectional, Defaults.Classifier.Bidirectional, had.Config.Bidirectional,
            value => own.Bidirectional = value);
        previous.Keep(classifier, nameof(own.Pooling), own.Pooling, Defaults.Classifier.Pooling, had.Config.Pooling,
            value => own.Pooling = value);
        // No weight depends on it, so that it may be another.
        previous.Prefer(OptionIds.MaxRowLength, options.Data.MaxRowLength, Defaults.Data.MaxRowLength, had.MaxRowLength,
            value => options.Data.MaxRowLength = value);
        faults.ThrowIfAny(nameof(options));
    }
}
