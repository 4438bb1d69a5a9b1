namespace RnnLm;

/// <summary>A model ready to run: its weights, prepared once and shared by all the sessions that run it. Safe for use by many threads at once.</summary>
public interface IInferenceModel : IDisposable
{
    /// <summary>Gets the model.</summary>
    ModelConfig Config { get; }

    /// <summary>Makes the state for a number of texts that are run side by side.</summary>
    /// <param name="lanes">The number of texts at most, at least 1.</param>
    /// <returns>A session, to be disposed; used by one thread at a time.</returns>
    IInferenceSession CreateSession(int lanes);

    /// <summary>Runs a classifier on a batch of texts.</summary>
    /// <param name="batch">The texts; labels are not looked at.</param>
    /// <param name="probabilities">The probability of each class for each text. // [B, C]</param>
    void Classify(Minibatch batch, Span<float> probabilities);
}
