namespace RnnLm.Suggestions;

/// <summary>A text that the search has come to.</summary>
/// <param name="Node">The text, after what it goes on from.</param>
/// <param name="Length">The number of its characters.</param>
/// <param name="LogProbability">The model's log-probability of them.</param>
/// <param name="Row">How it differs from what was typed.</param>
/// <param name="Before">How it did without its last character.</param>
/// <param name="Edits">By how many edits the typed text differs from the beginning of it that it differs least from.</param>
/// <param name="IsSettled">Whether these can't become fewer, whatever follows.</param>
/// <param name="PatternState">Where it stands in the pattern.</param>
internal sealed record Branch(
    TextNode Node, int Length, double LogProbability, EditRow Row, EditRow Before, int Edits, bool IsSettled, int PatternState)
{
    /// <summary>Returns the beginning of all texts that are not compared with anything.</summary>
    public static Branch Start(TextNode node, int patternState) => new(node, 0, 0, default, default, 0, true, patternState);
}
