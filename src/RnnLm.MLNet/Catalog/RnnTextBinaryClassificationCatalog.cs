using Microsoft.ML;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet;

/// <summary>Extensions of <see cref="BinaryClassificationCatalog.BinaryClassificationTrainers"/> that create trainers of recurrent
/// text classifiers with Boolean labels.</summary>
public static class RnnTextBinaryClassificationCatalog
{
    private const CellType StandardCell = CellType.Gru;
    private const int StandardSize = 128;

    /// <summary>
    /// Create an <see cref="RnnTextBinaryClassificationTrainer"/>, which trains a recurrent network to tell from the characters
    /// of a text whether its label is true.
    /// </summary>
    /// <param name="catalog">The trainers of binary classification.</param>
    /// <param name="labelColumnName">Name of the Boolean column with the labels.</param>
    /// <param name="textColumnName">Name of the text column to classify.</param>
    /// <param name="cell">The kind of recurrent cell.</param>
    /// <param name="hiddenSize">The number of hidden units of each layer and direction.</param>
    /// <param name="layers">The number of recurrent layers.</param>
    /// <param name="epochs">The number of passes over the data.</param>
    /// <param name="seed">The seed of training; <see langword="null"/> for that of the context, if it has one.</param>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    public static RnnTextBinaryClassificationTrainer RnnTextClassification(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string textColumnName = "Text",
        CellType cell = StandardCell,
        int hiddenSize = StandardSize,
        int layers = 1,
        int epochs = 10,
        long? seed = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var options = new RnnTextBinaryClassificationTrainer.Options
        {
            Model = { Cell = cell, HiddenSize = hiddenSize, Layers = layers },
            Training = { Epochs = epochs, Seed = seed },
            LabelColumnName = labelColumnName,
            TextColumnName = textColumnName,
        };
        return new RnnTextBinaryClassificationTrainer(HostAccess.GetEnvironment(catalog), options, new ModelOptions
        {
            Cell = StandardCell,
            HiddenSize = StandardSize
        });
    }

    /// <inheritdoc cref="RnnTextClassification(BinaryClassificationCatalog.BinaryClassificationTrainers, string, string, CellType, int, int, int, long?)"/>
    /// <param name="catalog">The trainers of binary classification.</param>
    /// <param name="labelColumnName">Name of the Boolean column with the labels.</param>
    /// <param name="textColumnName">Name of the text column to classify.</param>
    /// <param name="options">All other options; copied.</param>
    public static RnnTextBinaryClassificationTrainer RnnTextClassification(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName, string textColumnName, RnnTextBinaryClassificationTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RnnTextBinaryClassificationTrainer.Options named = options.Clone();
        (named.LabelColumnName, named.TextColumnName) = (labelColumnName, textColumnName);
        return RnnTextClassification(catalog, named);
    }

    /// <inheritdoc cref="RnnTextClassification(BinaryClassificationCatalog.BinaryClassificationTrainers, string, string, CellType, int, int, int, long?)"/>
    /// <param name="catalog">The trainers of binary classification.</param>
    /// <param name="options">All options, the names of columns too; copied.</param>
    public static RnnTextBinaryClassificationTrainer RnnTextClassification(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, RnnTextBinaryClassificationTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new RnnTextBinaryClassificationTrainer(HostAccess.GetEnvironment(catalog), options);
    }
}
