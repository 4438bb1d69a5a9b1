using System.Text;

namespace RnnLm;

/// <summary>How likely a character is to come next.</summary>
/// <param name="Character">The character, or <see langword="null"/> for the end of the text.</param>
/// <param name="Probability">Its probability, from 0 to 1.</param>
public readonly record struct CharacterProbability(Rune? Character, double Probability);
