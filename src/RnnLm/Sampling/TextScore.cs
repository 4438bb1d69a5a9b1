namespace RnnLm;

/// <summary>
/// How usual a text is to a model. Where the model frames texts by start and end tokens, every character and the end are counted; where it was
/// trained on a running text, the first character is context only, unless something was read before it.
/// </summary>
/// <param name="LogProbability">The natural logarithm of the text's probability.</param>
/// <param name="Count">The number of characters counted, the end of the text included where the model knows one.</param>
/// <param name="UnknownCharacters">The number of characters that the model does not know. They are counted as the unknown token, or left out, by the vocabulary's policy.</param>
/// <param name="LeastLikelyPosition">The index in the string at which the least likely character starts; the string's length where that is the end of the text; -1 where nothing was counted.</param>
public sealed record TextScore(double LogProbability, int Count, int UnknownCharacters, int LeastLikelyPosition)
{
    /// <summary>Gets the mean surprise of a character in nats, or NaN where nothing was counted.</summary>
    public double NatsPerCharacter => -LogProbability / Count;

    /// <summary>Gets the mean surprise of a character in bits, or NaN where nothing was counted.</summary>
    public double BitsPerCharacter => NatsPerCharacter / Math.Log(2);

    /// <summary>Gets e to the power of <see cref="NatsPerCharacter"/>, or NaN where nothing was counted.</summary>
    public double Perplexity => Math.Exp(NatsPerCharacter);

    /// <summary>Gets the log-probability of each counted character in turn, or an empty list where they were not asked for.</summary>
    public IReadOnlyList<float> CharacterLogProbabilities { get; init; } = [];
}
