namespace RnnLm.Generation;

/// <summary>What came of a <see cref="GenerationRequest"/>.</summary>
/// <param name="Samples">The texts, in the order of their sample numbers; of a beam search, best first; none where no text was
/// valid.</param>
/// <param name="UnknownCharacters">The number of characters of the prompt that the vocabulary does not have.</param>
internal sealed record GenerationResult(IReadOnlyList<GeneratedText> Samples, int UnknownCharacters)
{
    /// <summary>Gets the number of texts that were written until one was valid, or given up.</summary>
    public int Tries { get; init; } = 1;

    /// <summary>Gets which of them were not kept, and why.</summary>
    public RejectedTexts Rejected { get; init; }
}
