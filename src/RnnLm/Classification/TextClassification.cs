namespace RnnLm;

/// <summary>What a classifier says of a text.</summary>
/// <param name="Label">The most likely label.</param>
/// <param name="Probabilities">The probability of each label, in the order of the classifier's labels. // [C]</param>
public sealed record TextClassification(string Label, IReadOnlyList<float> Probabilities);
