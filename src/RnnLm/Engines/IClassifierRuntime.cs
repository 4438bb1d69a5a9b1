using RnnLm.Data;
using RnnLm.Modeling;

namespace RnnLm.Engines;

/// <summary>A text classifier ready to run: its weights, prepared once. Safe for use by many threads at once.</summary>
internal interface IClassifierRuntime : IDisposable
{
    /// <summary>Gets the model.</summary>
    ModelConfig Config { get; }

    /// <summary>Classifies a batch of texts.</summary>
    /// <param name="batch">The texts; labels are not looked at.</param>
    /// <param name="probabilities">The probability of each class for each text. // [B, C]</param>
    void Classify(Minibatch batch, Span<float> probabilities);
}
