using Microsoft.ML.Runtime;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>
/// Says of the text of each row whether its label is true: adds the log-odds, the probability, and whether the probability is above the
/// threshold. Made by <see cref="RnnTextBinaryClassificationTrainer"/>, or loaded with the model that it is part of.
/// </summary>
public sealed class RnnTextBinaryClassificationTransformer : RnnTextClassificationTransformerBase
{
    private readonly BinaryClassifierColumns _columns;

    internal RnnTextBinaryClassificationTransformer(IHostEnvironment environment, SavedModel saved)
        : this(environment, HostModels.Open(environment, saved), BinaryClassifierColumns.FromModel(saved))
    {
    }

    /// <summary>Takes over one ownership of the model.</summary>
    internal RnnTextBinaryClassificationTransformer(IHostEnvironment environment, LoadedModel model, BinaryClassifierColumns columns)
        : base(environment.Register(nameof(RnnTextBinaryClassificationTransformer)), model, columns) => _columns = columns;

    /// <summary>Gets the probability of true above which true is predicted.</summary>
    public float Threshold => _columns.Threshold;

    /// <summary>
    /// Returns a transformer with the same weights and another threshold. It takes the place of <c>ChangeModelThreshold</c>, which takes
    /// only models of ML.NET's own trainers, and of which the threshold is a score.
    /// </summary>
    /// <param name="threshold">The probability of true above which true is predicted, from 0 to 1.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not from 0 to 1.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public RnnTextBinaryClassificationTransformer WithThreshold(float threshold) => threshold is >= 0 and <= 1
        ? new(Host, Loaded.Share(), _columns with { Threshold = threshold })
        : throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold is a probability, from 0 to 1.");

    private protected override RnnTextTransformer ShareAs(LoadedModel model) =>
        new RnnTextBinaryClassificationTransformer(Host, model, _columns);
}
