namespace RnnLm;

/// <summary>A text that was probably meant.</summary>
/// <param name="Text">
/// The whole text: the prefix, corrected where <paramref name="Typos"/> is above 0, and what completes it. Of pairs, the answer. Never
/// empty.
/// </param>
/// <param name="Completion">What the text has after the prefix; <see langword="null"/> where the prefix was corrected.</param>
/// <param name="Probability">How probable it is that the text goes on like this, from 0 to 1, and ends there.</param>
/// <param name="Typos">By how many edits the prefix differs from what the text begins with.</param>
public sealed record Suggestion(string Text, string? Completion, double Probability, int Typos);
