namespace RnnLm;

/// <summary>The models have no more to say that may be kept. The rows written so far are as they should be.</summary>
public sealed class GenerationExhaustedException : InvalidOperationException
{
    internal GenerationExhaustedException(string message)
        : base(message)
    {
    }
}
