namespace RnnLm.Generation;

/// <summary>Says whether a text may be kept, and how often it is written anew where it may not.</summary>
/// <param name="IsValid">Is given the text as it would be returned.</param>
/// <param name="MaxTries">How many texts are written at most before a row is left without one.</param>
internal sealed record TextValidator(Func<string, bool> IsValid, int MaxTries);
