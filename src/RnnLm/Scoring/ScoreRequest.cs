namespace RnnLm.Scoring;

/// <summary>A text to be scored.</summary>
/// <param name="Text">The text; may be empty.</param>
/// <param name="Context">What the model reads before it without counting it; of a model of pairs, the input.</param>
/// <param name="Condition">The condition, for a model that has them; else -1.</param>
internal readonly record struct ScoreRequest(ReadOnlyMemory<char> Text, ReadOnlyMemory<char> Context = default, int Condition = -1);
