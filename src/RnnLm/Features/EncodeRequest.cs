namespace RnnLm.Features;

/// <summary>A text to be turned into a vector.</summary>
/// <param name="Text">The text; may be empty.</param>
/// <param name="Condition">The condition, for a model that has them; else -1.</param>
internal readonly record struct EncodeRequest(ReadOnlyMemory<char> Text, int Condition = -1);
