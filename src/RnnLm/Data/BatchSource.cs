namespace RnnLm.Data;

/// <summary>
/// Training or validation data as minibatches. A batch is a pure function of its step, so that training can be resumed anywhere: step s is
/// batch s mod <see cref="BatchesPerEpoch"/> of epoch s div it, and the order within an epoch is drawn from the seed and the epoch's
/// number.
/// </summary>
internal abstract class BatchSource
{
    /// <summary>Gets the number of batches in one pass over the data; at least 1.</summary>
    public abstract long BatchesPerEpoch { get; }

    /// <summary>Gets the number of targets in one pass over the data.</summary>
    public abstract long TargetsPerEpoch { get; }

    /// <summary>Gets the number of positions of the largest batch, or a little more.</summary>
    public abstract long MostPositions { get; }

    /// <summary>Gets by what probability rows are drawn, where each joins a minibatch by itself, so that it may be empty; else
    /// null.</summary>
    public virtual PoissonSampling? Sampling => null;

    /// <summary>Makes the batch of a step. Called by one thread at a time.</summary>
    public abstract Minibatch Get(long step);

    /// <summary>
    /// Makes the source that the options ask for, to be evaluated: rows and windows as they stand in the data, and a text that training
    /// reads on from window to window as it is scored.
    /// </summary>
    public static BatchSource ForEvaluation(Corpus corpus, CorpusPart part, LanguageModelDataOptions options, ulong seed) =>
        options is { Mode: DataMode.Stream, WindowOrder: WindowOrder.Sequential, HiddenState: not HiddenStateMode.ZeroEachBatch }
            ? new RunningTextBatches(corpus.Tokens, part.Start, part.Count, options)
            : Create(corpus, part, options, seed, shuffle: false);

    /// <summary>Makes the source that the options ask for.</summary>
    /// <param name="corpus">The text.</param>
    /// <param name="part">Which part of it: characters of a running text, or rows.</param>
    /// <param name="options">How text becomes minibatches.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <param name="shuffle">Whether the order is drawn; validation data are read as they stand.</param>
    /// <param name="poisson">Whether each row joins a minibatch by itself, as private training needs it.</param>
    public static BatchSource Create(
        Corpus corpus, CorpusPart part, LanguageModelDataOptions options, ulong seed, bool shuffle, bool poisson = false) =>
        options.Mode != DataMode.Stream ? new RowBatches(corpus, part.Rows, options, seed, shuffle, poisson)
        : options.WindowOrder == WindowOrder.Random ? new RandomWindows(corpus.Tokens, part.Start, part.Count, options, seed, shuffle)
        : new SequentialWindows(corpus.Tokens, part.Start, part.Count, options);
}
