namespace RnnLm.Generation;

/// <summary>Says which texts are kept. Used by one run, on the thread that reads its results.</summary>
internal interface ITextJudge
{
    /// <summary>Gets how many texts are written for a request at most, before it is left without one.</summary>
    int MaxTries { get; }

    /// <summary>Judges a text as soon as it is written, in whatever order texts come. What is rejected is rejected for good.</summary>
    /// <param name="request">What it was written for.</param>
    /// <param name="text">The text as it would be returned.</param>
    TextVerdict Judge(in GenerationRequest request, string text);

    /// <summary>
    /// Keeps a text that was accepted, once those of all requests before are settled; or finds that one of them rules it out.
    /// </summary>
    /// <param name="request">What it was written for.</param>
    /// <param name="text">The text as it would be returned.</param>
    TextVerdict Keep(in GenerationRequest request, string text);
}
