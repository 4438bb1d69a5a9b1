using RnnLm.Scoring;

namespace RnnLm;

/// <summary>How usual one text is to a model. <see cref="TextEvaluation"/> says what is counted.</summary>
/// <param name="Evaluation">The sums over the text's characters, which can be added to those of other texts.</param>
/// <param name="LeastLikelyPosition">The index in the string at which the least likely character starts; the string's length where that is
/// the end of the text; -1 where nothing was counted.</param>
public sealed record TextScore(TextEvaluation Evaluation, int LeastLikelyPosition)
{
    /// <inheritdoc cref="TextEvaluation.LogProbability"/>
    public double LogProbability => Evaluation.LogProbability;

    /// <inheritdoc cref="TextEvaluation.Count"/>
    public int Count => (int)Evaluation.Count;

    /// <inheritdoc cref="TextEvaluation.UnknownCharacters"/>
    public int UnknownCharacters => (int)Evaluation.UnknownCharacters;

    /// <inheritdoc cref="TextEvaluation.NatsPerCharacter"/>
    public double NatsPerCharacter => Evaluation.NatsPerCharacter;

    /// <inheritdoc cref="TextEvaluation.BitsPerCharacter"/>
    public double BitsPerCharacter => Evaluation.BitsPerCharacter;

    /// <inheritdoc cref="TextEvaluation.BitsPerByte"/>
    public double BitsPerByte => Evaluation.BitsPerByte;

    /// <inheritdoc cref="TextEvaluation.Perplexity"/>
    public double Perplexity => Evaluation.Perplexity;

    /// <inheritdoc cref="TextEvaluation.UnknownShare"/>
    public double UnknownShare => Evaluation.UnknownShare;

    /// <inheritdoc cref="TextEvaluation.KnownPerplexity"/>
    public double KnownPerplexity => Evaluation.KnownPerplexity;

    /// <summary>Gets the number of unknown characters before the text, such as in the input of a pair, which count nowhere.</summary>
    internal int UnknownBefore { get; init; }

    /// <summary>Gets the least likely character, known or not; <see langword="null"/> where nothing was counted.</summary>
    internal ScoredPlace? Least { get; init; }

    /// <summary>Gets the least likely one of the unknown characters; <see langword="null"/> where none was counted.</summary>
    internal ScoredPlace? LeastUnknown { get; init; }

    /// <summary>Gets the log-probability of each counted character in turn, or an empty list where they were not asked for.</summary>
    public IReadOnlyList<float> CharacterLogProbabilities { get; init; } = [];

    /// <summary>Gets the index in the string at which each of <see cref="CharacterLogProbabilities"/> starts; the string's length for the
    /// end.</summary>
    internal IReadOnlyList<int> CharacterPositions { get; init; } = [];
}
