namespace RnnLm;

/// <summary>A text that a model wrote.</summary>
/// <param name="Text">The text, with the prompt before it where <see cref="SamplingOptions.IncludePrompt"/> asks for it.</param>
/// <param name="FinishReason">Why it ended.</param>
/// <param name="Length">The number of characters written.</param>
/// <param name="LogProbability">
/// The natural logarithm of the probability that the model itself, without temperature, filters and pattern, gives the characters written
/// after the prompt, the end token included where it was written. A stop string does not count.
/// </param>
public sealed record GeneratedText(string Text, FinishReason FinishReason, int Length, double LogProbability);
