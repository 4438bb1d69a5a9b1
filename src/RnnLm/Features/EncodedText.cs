namespace RnnLm.Features;

/// <summary>A text as a vector.</summary>
/// <param name="Features">The hidden state. // [H] or [L·H]</param>
/// <param name="UnknownCharacters">The number of characters that the vocabulary does not have.</param>
internal readonly record struct EncodedText(float[] Features, int UnknownCharacters);
