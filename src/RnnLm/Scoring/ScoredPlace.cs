namespace RnnLm.Scoring;

/// <summary>A counted character of a text, or its end.</summary>
/// <param name="LogProbability">Its log-probability.</param>
/// <param name="Position">The index in the string at which it starts; the string's length for the end.</param>
/// <param name="LikeliestId">The token of the known character, or of the end, that is likeliest there.</param>
internal readonly record struct ScoredPlace(double LogProbability, int Position, int LikeliestId);
