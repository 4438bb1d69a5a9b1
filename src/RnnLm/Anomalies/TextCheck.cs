namespace RnnLm;

/// <summary>Whether a text is plausible, as <see cref="AnomalyDetector"/> finds it.</summary>
/// <param name="Score">
/// How much less likely the text is than others of its length: by how many standard deviations its mean surprise, or the surprise of its
/// least likely character, is higher than usual, whichever is more; with <see cref="AnomalyOptions.TwoSided"/> also by how many
/// both together are lower. The higher, the less plausible; NaN where nothing of the text is counted.
/// </param>
/// <param name="NatsPerCharacter">The mean surprise of a character in nats; NaN where nothing is counted.</param>
/// <param name="PValue">
/// The share of good texts that are no more plausible than this one, as estimated from the n held-out rows: (k + 1) / (n + 1), where k of
/// them are not. 1 where nothing is counted.
/// </param>
/// <param name="IsAnomaly">Whether <paramref name="PValue"/> is at most <see cref="AnomalyDetector.Threshold"/>.</param>
/// <param name="LeastLikelyPosition">The index in the string at which the least likely character starts; the string's length where that is
/// the end of the text; -1 where nothing is counted. An unknown character counts 14 nats at least, the logarithm of how many such there
/// are; of several, it is the one that is least likely to the model.</param>
/// <param name="Suggestion">The likeliest character at that position among those that the model knows; empty where that is the end of the
/// text; <see langword="null"/> where nothing is counted, and at an unknown character that the model leaves out (<see
/// cref="UnknownCharacterPolicy.Skip"/>).</param>
public sealed record TextCheck(
    double Score, double NatsPerCharacter, double PValue, bool IsAnomaly, int LeastLikelyPosition, string? Suggestion);
