namespace RnnLm;

/// <summary>How the rank of a canary was found.</summary>
public enum ExposureMethod
{
    /// <summary>It was not: the canary has random characters that the model does not know.</summary>
    None = 0,

    /// <summary>All texts of the format were scored.</summary>
    Exact = 1,

    /// <summary>By the share of drawn texts that are at least as likely, of which there are 100 or more.</summary>
    Sampled = 2,

    /// <summary>By a skew normal distribution that was fitted to the log-perplexities of drawn texts, as the canary is likelier than nearly
    /// all of them.</summary>
    Extrapolated = 3,
}
