using Microsoft.ML;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet;

/// <summary>Extensions of <see cref="MulticlassClassificationCatalog.MulticlassClassificationTrainers"/> that create trainers of recurrent
/// text classifiers.</summary>
public static class RnnTextClassificationCatalog
{
    private const CellType StandardCell = CellType.Gru;
    private const int StandardSize = 128;

    /// <summary>
    /// Create an <see cref="RnnTextClassificationTrainer"/>, which trains a recurrent network to tell the label of a text from its
    /// characters.
    /// </summary>
    /// <param name="catalog">The trainers of multiclass classification.</param>
    /// <param name="labelColumnName">Name of the column with the labels: a key, a text, a number or a Boolean.</param>
    /// <param name="textColumnName">Name of the text column to classify.</param>
    /// <param name="cell">The kind of recurrent cell.</param>
    /// <param name="hiddenSize">The number of hidden units of each layer and direction.</param>
    /// <param name="layers">The number of recurrent layers.</param>
    /// <param name="epochs">The number of passes over the data.</param>
    /// <param name="seed">The seed of training; <see langword="null"/> for that of the context, if it has one.</param>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    public static RnnTextClassificationTrainer RnnTextClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string textColumnName = "Text",
        CellType cell = StandardCell,
        int hiddenSize = StandardSize,
        int layers = 1,
        int epochs = 10,
        long? seed = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var options = new RnnTextClassificationTrainer.Options
        {
            Model = { Cell = cell, HiddenSize = hiddenSize, Layers = layers },
            Training = { Epochs = epochs, Seed = seed },
            LabelColumnName = labelColumnName,
            TextColumnName = textColumnName,
        };
        return new RnnTextClassificationTrainer(HostAccess.GetEnvironment(catalog), options, new ModelOptions
        {
            Cell = StandardCell,
            HiddenSize = StandardSize
        });
    }

    /// <inheritdoc cref="RnnTextClassification(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, CellType, int, int, int, long?)"/>
    /// <param name="catalog">The trainers of multiclass classification.</param>
    /// <param name="labelColumnName">Name of the column with the labels: a key, a text, a number or a Boolean.</param>
    /// <param name="textColumnName">Name of the text column to classify.</param>
    /// <param name="options">All other options; copied.</param>
    public static RnnTextClassificationTrainer RnnTextClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName, string textColumnName, RnnTextClassificationTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RnnTextClassificationTrainer.Options named = options.Clone();
        (named.LabelColumnName, named.TextColumnName) = (labelColumnName, textColumnName);
        return RnnTextClassification(catalog, named);
    }

    /// <inheritdoc cref="RnnTextClassification(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, CellType, int, int, int, long?)"/>
    /// <param name="catalog">The trainers of multiclass classification.</param>
    /// <param name="options">All options, the names of columns too; copied.</param>
    public static RnnTextClassificationTrainer RnnTextClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, RnnTextClassificationTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new RnnTextClassificationTrainer(HostAccess.GetEnvironment(catalog), options);
    }
}
