namespace RnnLm.Generation;

/// <summary>Whether a text may be kept, and why not.</summary>
internal enum TextVerdict
{
    Accepted,

    /// <summary>A validator refused it.</summary>
    Invalid,

    /// <summary>It occurs in a text that it must not be taken from.</summary>
    Known,

    /// <summary>It was written before.</summary>
    Repeated,
}
