using RnnLm.Features;
using RnnLm.Lanes;
using RnnLm.LanguageModels;
using RnnLm.Scoring;

namespace RnnLm;

/// <content>What it says of texts: scores, evaluations, anomalies, features.</content>
public sealed partial class RnnLanguageModel
{
    /// <summary>Says how usual a text is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <returns>Its log-probability, perplexity and least likely character.</returns>
    public TextScore Score(string text, string? condition = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Score([new ScoreRequest(text.AsMemory(), Condition: ConditionId(condition))], CancellationToken.None).Single();
    }

    /// <summary>Says how usual texts are, in batches, reading them as results are asked for.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The scores, in the order of the texts.</returns>
    public IEnumerable<TextScore> ScoreAll(IEnumerable<string> texts, string? condition = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        int id = ConditionId(condition);
        return Score(Texts(texts, nameof(texts)).Select(text => new ScoreRequest(text, Condition: id)), cancellationToken);
    }

    /// <summary>Says how usual texts are, each under its own condition; of pairs, how usual the target is after the input.</summary>
    /// <param name="rows">The rows; their memory must stay as it is until their score is returned.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The scores, in the order of the rows.</returns>
    /// <exception cref="TextDataException">A row is a pair and the model is not of pairs, or the other way round; or the model does not
    /// know a condition.</exception>
    public IEnumerable<TextScore> ScoreAll(IEnumerable<TextRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Score(new ScoredRows(Saved, KnownConditions).Each(rows), cancellationToken);
    }

    /// <summary>
    /// Says how well the model predicts some data, read as training reads them: of a running text, rows are one text, with
    /// <see cref="LanguageModelDataOptions.RowSeparator"/> between them; otherwise each is a text of its own, and empty ones are left out.
    /// </summary>
    /// <remarks>
    /// A running text is scored in pieces of 8,192 characters side by side, each after the 1,024 characters before it: text up to that
    /// length gives the figures of <see cref="Score(string, string?)"/>, a longer one gives them as far as the model does not remember over
    /// more than 1,024 characters.
    /// </remarks>
    /// <param name="rows">The rows; their memory must stay as it is until all are read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The sums over all rows.</returns>
    /// <exception cref="TextDataException">A row is a pair and the model is not of pairs, or the other way round; or the model does not
    /// know a condition.</exception>
    public TextEvaluation Evaluate(IEnumerable<TextRow> rows, CancellationToken cancellationToken = default) =>
        Evaluate(rows, Saved.RowSeparator, cancellationToken);

    /// <inheritdoc cref="Evaluate(IEnumerable{TextRow}, CancellationToken)"/>
    internal TextEvaluation Evaluate(IEnumerable<TextRow> rows, string separator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var read = new ScoredRows(Saved, KnownConditions);
        TextEvaluation total = default;
        foreach (TextScore score in Score(read.AsInTraining(rows, separator), cancellationToken))
            total += score.Evaluation;
        return total with { UnknownCharacters = total.UnknownCharacters + read.LeftOut };
    }

    /// <summary>Learns from rows that the model was not trained on how likely texts usually are, so that implausible ones can be
    /// told.</summary>
    /// <param name="heldOut">Good rows of the kind that will be checked; empty ones are left out. Rows of the training data are too likely,
    /// and more new ones would be called anomalies than was asked for.</param>
    /// <param name="options">How many good texts may be called anomalies; <see langword="null"/> for one in a hundred.</param>
    /// <param name="bad">Rows that are known to be bad, to choose the threshold by: the one with the highest F1 score on both kinds of
    /// rows, in place of the rate of false positives. <see langword="null"/> for the rate.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What says of texts whether they are plausible.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="TextDataException">There are too few rows for the rate; or a row does not fit the model.</exception>
    public AnomalyDetector Calibrate(IEnumerable<TextRow> heldOut, AnomalyOptions? options = null, IEnumerable<TextRow>? bad = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(heldOut);
        return AnomalyDetector.Calibrate(this, heldOut, options ?? new AnomalyOptions(), bad, cancellationToken);
    }

    /// <summary>Turns a text into features: the hidden state of the top layer.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pooling">The state after the text, or the mean or maximum over its characters.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <returns>The features. // [H]</returns>
    public float[] Encode(string text, Pooling pooling = Pooling.Last, string? condition = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TextEncoder(Inference, _model.Framing, 1,
            pooling).Encode(new EncodeRequest(text.AsMemory(), ConditionId(condition))).Features;
    }

    private IEnumerable<TextScore> Score(IEnumerable<ScoreRequest> requests, CancellationToken cancellationToken) =>
        new TextScorer(Inference, _model.Framing, LanePool.UsualLanes).Score(requests, cancellationToken);
}
