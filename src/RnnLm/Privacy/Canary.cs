namespace RnnLm;

/// <summary>A made-up row that is planted in training data, to be looked for in the model.</summary>
/// <param name="Text">The text.</param>
/// <param name="Repeats">How often it is planted; 0 for one that is not, beside which the others are seen.</param>
/// <param name="Condition">The condition that it is planted with, or <see langword="null"/>.</param>
public sealed record Canary(string Text, int Repeats, string? Condition = null);
