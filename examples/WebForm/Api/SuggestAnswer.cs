using RnnLm;

namespace WebForm.Api;

/// <summary>Suggestions for a text.</summary>
/// <param name="Suggestions">The suggestions, the most probable first.</param>
/// <param name="IsComplete">Whether nothing likelier is left out.</param>
/// <param name="UnknownCharacters">How many characters of the text the model does not know.</param>
internal sealed record SuggestAnswer(IReadOnlyList<Suggestion> Suggestions, bool IsComplete, int UnknownCharacters);
