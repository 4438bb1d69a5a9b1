namespace RnnLm.Suggestions;

/// <summary>The texts of one length that what was typed has come to fit, where nothing that is typed later changes how well.</summary>
/// <param name="Kept">The texts that are followed, best first.</param>
/// <param name="Left">The others, which fell behind, after the texts that they go on from.</param>
/// <param name="Weight">The logarithm of the weight of all.</param>
/// <param name="LeftWeight">The logarithm of the weight of those that fell behind.</param>
/// <param name="LeftScore">The best score among them.</param>
/// <param name="Steps">How many texts were looked at for it.</param>
internal sealed record ReadingLevel(
    Branch[] Kept, Following[] Left, double Weight, double LeftWeight, double LeftScore, int Steps)
{
    /// <summary>Returns the level of one text.</summary>
    public static ReadingLevel First(Branch text) => new([text], [], 0, double.NegativeInfinity, double.NegativeInfinity, 0);
}
