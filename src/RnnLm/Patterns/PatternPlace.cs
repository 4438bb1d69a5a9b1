namespace RnnLm.Patterns;

/// <summary>Where a text stands in a pattern.</summary>
/// <param name="Guide">The pattern.</param>
/// <param name="State">The state.</param>
internal readonly record struct PatternPlace(PatternGuide Guide, int State);
