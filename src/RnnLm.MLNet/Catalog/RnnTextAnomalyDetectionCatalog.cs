using Microsoft.ML;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet;

/// <summary>Extensions of <see cref="AnomalyDetectionCatalog.AnomalyDetectionTrainers"/> that create trainers of detectors of implausible
/// texts.</summary>
public static class RnnTextAnomalyDetectionCatalog
{
    /// <summary>
    /// Create an <see cref="RnnTextAnomalyDetectionTrainer"/>, which learns from good texts what is plausible, and calls an anomaly what
    /// few good texts are as implausible as.
    /// </summary>
    /// <param name="catalog">The trainers of anomaly detection.</param>
    /// <param name="inputColumnName">Name of the text column to learn from, and to check.</param>
    /// <param name="falsePositiveRate">The share of good texts that may be called anomalies.</param>
    /// <param name="cell">The kind of recurrent cell.</param>
    /// <param name="hiddenSize">The number of hidden units of each layer.</param>
    /// <param name="layers">The number of recurrent layers.</param>
    /// <param name="epochs">The number of passes over the data.</param>
    /// <param name="seed">The seed of training; <see langword="null"/> for that of the context, if it has one.</param>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    public static RnnTextAnomalyDetectionTrainer RnnText(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        string inputColumnName = "Text",
        double falsePositiveRate = 0.01,
        CellType cell = CellType.Gru,
        int hiddenSize = 128,
        int layers = 1,
        int epochs = 10,
        long? seed = null) => RnnText(catalog, new RnnTextAnomalyDetectionTrainer.Options
        {
            Model = { Cell = cell, HiddenSize = hiddenSize, Layers = layers },
            Training = { Epochs = epochs, Seed = seed },
            Anomaly = { FalsePositiveRate = falsePositiveRate },
            InputColumnName = inputColumnName,
        });

    /// <inheritdoc cref="RnnText(AnomalyDetectionCatalog.AnomalyDetectionTrainers, string, double, CellType, int, int, int, long?)"/>
    /// <param name="catalog">The trainers of anomaly detection.</param>
    /// <param name="options">All options, the names of columns too; copied.</param>
    public static RnnTextAnomalyDetectionTrainer RnnText(this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        RnnTextAnomalyDetectionTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new RnnTextAnomalyDetectionTrainer(HostAccess.GetEnvironment(catalog), options);
    }
}
