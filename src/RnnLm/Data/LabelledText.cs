namespace RnnLm;

/// <summary>A text and its label: one row of a classifier's data.</summary>
/// <param name="Text">The text; may be empty.</param>
/// <param name="Label">The label; <see langword="null"/> where it is missing: then the row is not trained on, and a warning counts
/// it.</param>
public readonly record struct LabelledText(string Text, string? Label);
