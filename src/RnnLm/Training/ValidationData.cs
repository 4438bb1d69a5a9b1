using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Text;

namespace RnnLm.Training;

/// <summary>Data that a training is watched on.</summary>
/// <param name="batches">The data.</param>
/// <param name="vocabulary">The vocabulary of a language model; null for a classifier.</param>
/// <param name="leftOut">The number of characters of the data that are not in <paramref name="batches"/>, since the vocabulary does not
/// have them.</param>
internal sealed class ValidationData(BatchSource batches, CharVocabulary? vocabulary = null, long leftOut = 0)
{
    /// <summary>Gets the data where they are not a part of the training data; else null.</summary>
    public Corpus? Own { get; init; }

    /// <summary>Gets the number of positions of the largest batch, or a little more.</summary>
    public long MostPositions => batches.MostPositions;

    /// <summary>Runs a session's model on the data.</summary>
    /// <returns>What came of it, and of a language model the same as figures of the text; null where it was cancelled: a part of an
    /// evaluation says nothing.</returns>
    public (EvaluationResult Result, TextEvaluation? Text)? Evaluate(ITrainingSession session, BatchShaper shaper,
        CancellationToken cancellationToken)
    {
        EvaluationResult total = default;
        long bytes = 0;
        for (long i = 0; i < batches.BatchesPerEpoch; i++)
        {
            if (cancellationToken.IsCancellationRequested)
                return null;
            Minibatch batch = batches.Get(i);
            shaper.ShapeForEvaluation(batch);
            batch.UnknownId = vocabulary?.UnknownId;
            total += session.Evaluate(batch);
            bytes += vocabulary is null ? 0 : Utf8Length(batch.Targets);
        }

        return (total, vocabulary is null ? null : new TextEvaluation
        {
            LogProbability = -total.LossSum,
            Count = total.Targets,
            UnknownCharacters = total.UnknownTargets + leftOut,
            KnownLogProbability = total.UnknownLossSum - total.LossSum,
            KnownCount = total.Targets - total.UnknownTargets,
            KnownBytes = bytes,
        });
    }

    private long Utf8Length(ReadOnlySpan<int> targets)
    {
        long bytes = 0;
        foreach (int id in targets)
            bytes += id == Minibatch.Ignore ? 0 : vocabulary!.Utf8Length(id);
        return bytes;
    }
}
