namespace RnnLm.Text;

/// <summary>Texts that are handed in together. Each is checked as it is read, so that a message says which of them is at fault.</summary>
internal static class TextBatch
{
    /// <summary>Reads texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="vocabulary">The vocabulary of the model that is to read them.</param>
    /// <param name="parameter">The name of the parameter that they came by.</param>
    /// <exception cref="ArgumentNullException">A text is null.</exception>
    /// <exception cref="ArgumentException">A text has a character that the model refuses.</exception>
    public static IEnumerable<ReadOnlyMemory<char>> Read(IEnumerable<string?> texts, CharVocabulary vocabulary, string parameter) =>
        texts.Select((text, index) => text is null ? throw new ArgumentNullException(parameter, $"The text at index {index} is null.")
            : vocabulary.FindFault(text) is { } fault ? throw new ArgumentException($"The text at index {index}: {fault}", parameter)
            : text.AsMemory());
}
