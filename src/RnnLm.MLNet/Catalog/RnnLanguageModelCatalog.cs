using Microsoft.ML;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet;

/// <summary>Extensions of <see cref="TransformsCatalog.TextTransforms"/> that create trainers of recurrent language models.</summary>
public static class RnnLanguageModelCatalog
{
    /// <summary>
    /// Create an <see cref="RnnLanguageModelTrainer"/>, which trains a recurrent network to write text like that of a column, and continues
    /// the text of each row.
    /// </summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">Name of the column with the continuations. Its type is text.</param>
    /// <param name="inputColumnName">Name of the text column to learn from, and to continue. If set to <see langword="null"/>, the value of
    /// <paramref name="outputColumnName"/> is used as source.</param>
    /// <param name="cell">The kind of recurrent cell.</param>
    /// <param name="hiddenSize">The number of hidden units of each layer.</param>
    /// <param name="layers">The number of recurrent layers.</param>
    /// <param name="epochs">The number of passes over the data.</param>
    /// <param name="temperature">Below 1 the text gets more usual, above 1 more varied; 0 always takes the most likely character.</param>
    /// <param name="maxLength">The most characters that are written.</param>
    /// <param name="seed">The seed of training and of writing; <see langword="null"/> for that of the context, if it has one.</param>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    public static RnnLanguageModelTrainer RnnLanguageModel(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null,
        CellType cell = CellType.Lstm,
        int hiddenSize = 256,
        int layers = 1,
        int epochs = 10,
        double temperature = 1,
        int maxLength = 100,
        long? seed = null) => RnnLanguageModel(catalog, outputColumnName, inputColumnName, new RnnLanguageModelTrainer.Options
        {
            Model = { Cell = cell, HiddenSize = hiddenSize, Layers = layers },
            Training = { Epochs = epochs, Seed = seed },
            Sampling = { Temperature = temperature, MaxLength = maxLength, Seed = seed },
        });

    /// <inheritdoc cref="RnnLanguageModel(TransformsCatalog.TextTransforms, string, string?, CellType, int, int, int, double, int, long?)"/>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">Name of the column with the continuations. Its type is text, or a vector of texts where several
    /// samples are asked for.</param>
    /// <param name="inputColumnName">Name of the text column to learn from, and to continue. If set to <see langword="null"/>, the value of
    /// <paramref name="outputColumnName"/> is used as source.</param>
    /// <param name="options">All other options; copied.</param>
    public static RnnLanguageModelTrainer RnnLanguageModel(
        this TransformsCatalog.TextTransforms catalog, string outputColumnName, string? inputColumnName,
        RnnLanguageModelTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RnnLanguageModelTrainer.Options named = options.Clone();
        (named.OutputColumnName, named.InputColumnName) = (outputColumnName, inputColumnName ?? outputColumnName);
        return RnnLanguageModel(catalog, named);
    }

    /// <inheritdoc cref="RnnLanguageModel(TransformsCatalog.TextTransforms, string, string?, CellType, int, int, int, double, int, long?)"/>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">All options, the names of columns too; copied.</param>
    public static RnnLanguageModelTrainer RnnLanguageModel(this TransformsCatalog.TextTransforms catalog,
        RnnLanguageModelTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new RnnLanguageModelTrainer(HostAccess.GetEnvironment(catalog), options);
    }
}
