using RnnLm.Modeling;

namespace RnnLm.Engines;

/// <summary>
/// A language model ready to run: its weights, prepared once and shared by all the sessions that run it. Safe for use by many threads at
/// once. Sessions hold the weights: disposing the model ends no session.
/// </summary>
internal interface ILanguageModelRuntime : IDisposable
{
    /// <summary>Gets the model.</summary>
    ModelConfig Config { get; }

    /// <summary>Makes the state for a number of texts that are run side by side.</summary>
    /// <param name="lanes">The number of texts at most, at least 1.</param>
    /// <returns>A session, to be disposed; used by one thread at a time.</returns>
    IInferenceSession CreateSession(int lanes);
}
