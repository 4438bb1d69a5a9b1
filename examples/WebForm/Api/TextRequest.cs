namespace WebForm.Api;

/// <summary>A text to complete or to check.</summary>
/// <param name="Text">The text.</param>
/// <param name="Count">How many suggestions are wanted; 5 where nothing is said.</param>
internal sealed record TextRequest(string? Text, int? Count);
