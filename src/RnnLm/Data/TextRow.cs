namespace RnnLm;

/// <summary>One row of training data.</summary>
/// <param name="Text">The text; of a pair, the input.</param>
/// <param name="Target">The target text of a pair; else <see langword="null"/>.</param>
/// <param name="Condition">What the text is conditioned on, such as a category; else <see langword="null"/>.</param>
public readonly record struct TextRow(ReadOnlyMemory<char> Text, ReadOnlyMemory<char>? Target = null, string? Condition = null)
{
    /// <summary>Makes a row of a text.</summary>
    public static implicit operator TextRow(string? text) => FromString(text);

    /// <summary>Makes a row of a text.</summary>
    public static TextRow FromString(string? text) => new(text.AsMemory());
}
