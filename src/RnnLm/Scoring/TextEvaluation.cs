using RnnLm.Text;

namespace RnnLm;

/// <summary>
/// How well a model predicts a text, or several: sums, so that those of several texts can be added. Where the model frames texts by start
/// and end tokens, every character and each text's end are counted; where it was trained on a running text, the first character is context
/// only. Characters that the model does not know are counted as the unknown token, or left out, by the vocabulary's policy. A mean is NaN
/// where nothing was counted.
/// </summary>
/// <remarks>
/// A model that calls most characters of a text unknown predicts them easily: the means over all that is counted then say little of the
/// text. <see cref="UnknownShare"/> tells, and the means that begin with Known leave those characters out.
/// </remarks>
public readonly record struct TextEvaluation
{
    /// <summary>Gets the natural logarithm of the texts' probability.</summary>
    public double LogProbability { get; init; }

    /// <summary>Gets the number of characters counted, the ends of texts included where the model knows ends.</summary>
    public long Count { get; init; }

    /// <summary>Gets the number of characters that the model does not know, whether they are counted as the unknown token or left
    /// out.</summary>
    public long UnknownCharacters { get; init; }

    /// <summary>Gets the part of <see cref="LogProbability"/> of the characters that the model knows and of the ends of texts.</summary>
    public double KnownLogProbability { get; init; }

    /// <summary>Gets the number of characters counted that the model knows, the ends of texts included.</summary>
    public long KnownCount { get; init; }

    /// <summary>Gets the number of bytes in UTF-8 of what <see cref="KnownCount"/> counts: from 1 to 4 for a character, and 1 for the end
    /// of a text, as for a line feed.</summary>
    public long KnownBytes { get; init; }

    /// <summary>Gets the mean surprise of a character in nats.</summary>
    public double NatsPerCharacter => -LogProbability / Count;

    /// <summary>Gets the mean surprise of a character in bits: <see cref="NatsPerCharacter"/> over ln 2.</summary>
    public double BitsPerCharacter => NatsPerCharacter / Math.Log(2);

    /// <summary>Gets e to the power of <see cref="NatsPerCharacter"/>.</summary>
    public double Perplexity => Math.Exp(NatsPerCharacter);

    /// <summary>Gets the mean surprise in bits of a byte of the text in UTF-8, over the known characters and the ends of texts: what byte
    /// models are compared by.</summary>
    public double BitsPerByte => -KnownLogProbability / Math.Log(2) / KnownBytes;

    /// <summary>Gets the share of unknown ones among the characters and ends, from 0 to 1; 0 where there are none.</summary>
    public double UnknownShare => UnknownCharacters == 0 ? 0 : UnknownCharacters / (double)(KnownCount + UnknownCharacters);

    /// <summary>Gets the mean surprise in nats of the characters that the model knows, the ends of texts included.</summary>
    public double KnownNatsPerCharacter => -KnownLogProbability / KnownCount;

    /// <summary>Gets e to the power of <see cref="KnownNatsPerCharacter"/>.</summary>
    public double KnownPerplexity => Math.Exp(KnownNatsPerCharacter);

    /// <summary>Gets whether so many characters are unknown that the means over all of them mislead.</summary>
    internal bool HasManyUnknown => UnknownShare > CharVocabulary.HighUnknownShare;

    /// <summary>Adds the figures of other texts.</summary>
    public static TextEvaluation operator +(TextEvaluation left, TextEvaluation right) => Add(left, right);

    /// <summary>Adds the figures of other texts.</summary>
    public static TextEvaluation Add(TextEvaluation left, TextEvaluation right) => new()
    {
        LogProbability = left.LogProbability + right.LogProbability,
        Count = left.Count + right.Count,
        UnknownCharacters = left.UnknownCharacters + right.UnknownCharacters,
        KnownLogProbability = left.KnownLogProbability + right.KnownLogProbability,
        KnownCount = left.KnownCount + right.KnownCount,
        KnownBytes = left.KnownBytes + right.KnownBytes,
    };
}
