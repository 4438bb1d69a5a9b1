namespace RnnLm;

/// <summary>What came of writing until a text is valid.</summary>
/// <param name="Text">The first text that is valid, or <see langword="null"/> where none was.</param>
/// <param name="Tries">The number of texts written for it.</param>
public sealed record ValidatedText(GeneratedText? Text, int Tries);
