namespace RnnLm.Cli.Terminal;

/// <summary>Words for characters that a model does not know.</summary>
internal static class Unknown
{
    public static string Share(TextEvaluation evaluation) => $"{evaluation.UnknownShare:P0}";

    /// <summary>Says that figures over all characters mislead, and what they are without the unknown ones.</summary>
    /// <param name="evaluation">The figures.</param>
    /// <param name="of">Whose characters they are, beginning with "of".</param>
    /// <param name="model">The model.</param>
    public static string Warning(TextEvaluation evaluation, string of, string model)
    {
        string without = evaluation.KnownCount == 0
            ? "There are no others."
            : $"Without them the perplexity is {evaluation.KnownPerplexity:F3}.";
        string perplexity = evaluation.Count > evaluation.KnownCount
            ? " mostly says how well unknown characters are told from known ones"
            : " is that of the few others";
        return $"{Share(evaluation)} of the characters {of} ({evaluation.UnknownCharacters:N0}) are unknown to {model}, "
            + $"so that the perplexity{perplexity}. {without}";
    }
}
