namespace RnnLm;

/// <summary>Where a suggestion ends.</summary>
public enum SuggestTo
{
    /// <summary>
    /// At the end of a word: before a character that is no letter, digit, mark or underscore (<c>\w</c>), or before the end of the text.
    /// </summary>
    Word,

    /// <summary>At the end of the text, which models of rows and of pairs know.</summary>
    End,

    /// <summary>Where the text matches <see cref="SuggestOptions.Pattern"/> as a whole, and ends, if the model knows an end.</summary>
    Pattern,
}
