namespace WebForm.Api;

/// <summary>Whether a text is plausible.</summary>
/// <param name="IsUnusual">Whether it is not.</param>
/// <param name="PValue">The share of good texts that are no more plausible.</param>
/// <param name="Position">Where the least likely character is, in UTF-16; the text's length for that it ends; null where nothing was
/// checked.</param>
/// <param name="Instead">The likeliest character there, empty for the end; null where there is none to suggest.</param>
internal sealed record CheckAnswer(bool IsUnusual, double PValue, int? Position, string? Instead);
