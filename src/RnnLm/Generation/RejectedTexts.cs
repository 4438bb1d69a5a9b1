namespace RnnLm;

/// <summary>How many texts were written and not kept, and why.</summary>
/// <param name="Invalid">Those that a validator refused.</param>
/// <param name="Known">Those that the training data, or a given text, have.</param>
/// <param name="Repeated">Those that were written before.</param>
public readonly record struct RejectedTexts(int Invalid, int Known, int Repeated)
{
    /// <summary>Gets the number of all of them.</summary>
    public int Total => Invalid + Known + Repeated;

    /// <summary>Adds the numbers of two.</summary>
    public static RejectedTexts operator +(RejectedTexts left, RejectedTexts right) => left.Add(right);

    /// <summary>Adds the numbers of another.</summary>
    /// <param name="other">The other.</param>
    /// <returns>The sums.</returns>
    public RejectedTexts Add(RejectedTexts other) => new(Invalid + other.Invalid, Known + other.Known, Repeated + other.Repeated);
}
