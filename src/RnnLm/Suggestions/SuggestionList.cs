using System.Collections;

namespace RnnLm;

/// <summary>Suggestions for one prefix, the most probable first, each another text.</summary>
public sealed class SuggestionList : IReadOnlyList<Suggestion>
{
    private readonly Suggestion[] _suggestions;

    internal SuggestionList(Suggestion[] suggestions, bool isComplete, int steps, int unknownCharacters)
    {
        _suggestions = suggestions;
        (IsComplete, Steps, UnknownCharacters) = (isComplete, steps, unknownCharacters);
    }

    /// <summary>
    /// Gets whether the search came to its end, so that no text is likelier than those that are here. It is <see langword="false"/> where
    /// <see cref="SuggestOptions.MaxSteps"/> was reached before; these are then the best that were found, and their probabilities may be
    /// too low. With <see cref="SuggestOptions.Typos"/>, a text that fell far behind what else was typed, and caught up by more than a
    /// factor of 150, may be missing all the same.
    /// </summary>
    public bool IsComplete { get; }

    /// <summary>Gets the number of steps that the search took.</summary>
    public int Steps { get; }

    /// <summary>Gets the number of characters of the prefix that the model does not know.</summary>
    public int UnknownCharacters { get; }

    /// <inheritdoc/>
    public int Count => _suggestions.Length;

    /// <inheritdoc/>
    public Suggestion this[int index] => _suggestions[index];

    /// <inheritdoc/>
    public IEnumerator<Suggestion> GetEnumerator() => ((IEnumerable<Suggestion>)_suggestions).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
