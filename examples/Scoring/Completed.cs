using Microsoft.ML.Data;

namespace Scoring;

/// <summary>What the suggester says of the beginning of an article number.</summary>
internal sealed class Completed
{
    /// <summary>Gets or sets the likeliest numbers, the most probable first; empty texts where there are fewer.</summary>
    [VectorType(3)]
    public string[] Suggestions { get; set; } = [];

    /// <summary>Gets or sets the probability of each.</summary>
    [VectorType(3)]
    public float[] Probabilities { get; set; } = [];
}
