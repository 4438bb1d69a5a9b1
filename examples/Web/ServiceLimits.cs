// Written by 'rnnlm codegen' (RnnLm 0.1.0) from messages.rnnlm.json. It is yours to change.
using System.ComponentModel.DataAnnotations;

namespace Web;

/// <summary>What one request may ask for, and how many are worked on at a time: the section Limits of appsettings.json.</summary>
internal sealed class ServiceLimits
{
    /// <summary>Gets or sets the most bytes of a request's body; above it the answer is 413.</summary>
    [Range(256, 1 << 30)]
    public int BodyBytes { get; set; } = 16_384;

    /// <summary>Gets or sets the most characters (UTF-16) of a text; above it the answer is 400.</summary>
    [Range(1, 1_000_000)]
    public int TextLength { get; set; } = 2000;

    /// <summary>Gets or sets the most characters that a stream may ask for; above it the answer is 400.</summary>
    [Range(1, 1_000_000)]
    public int MaxLength { get; set; } = 2000;

    /// <summary>Gets or sets how many requests are worked on at a time; 0 for one on each processor.</summary>
    [Range(0, 10_000)]
    public int Concurrency { get; set; }

    /// <summary>Gets or sets how many further requests wait for their turn; above it the answer is 429.</summary>
    [Range(0, 100_000)]
    public int Queue { get; set; } = 100;

    /// <summary>Gets or sets how long a request may take, waiting included; after it the answer is 504.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
