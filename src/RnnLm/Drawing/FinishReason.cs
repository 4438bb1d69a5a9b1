namespace RnnLm;

/// <summary>Why a text ended.</summary>
public enum FinishReason
{
    /// <summary>It had the most characters that were asked for.</summary>
    Length,

    /// <summary>The model wrote its end token.</summary>
    EndToken,

    /// <summary>It came to a stop string, which is left out.</summary>
    StopString,

    /// <summary>It matches <see cref="SamplingOptions.Pattern"/>, nothing more could follow, and the model has no end token to say
    /// so.</summary>
    Pattern,
}
