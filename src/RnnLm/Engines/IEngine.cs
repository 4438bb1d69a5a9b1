using RnnLm.Modeling;

namespace RnnLm.Engines;

/// <summary>Trains and runs models. Engines share weights, data, training loop, sampler and file format; only the arithmetic is
/// theirs.</summary>
internal interface IEngine
{
    /// <summary>Gets which engine this is.</summary>
    EngineKind Kind { get; }

    /// <summary>Says why a device can't be used, or returns <see langword="null"/> where it can. Never throws.</summary>
    /// <param name="device">A device; for <see cref="DeviceKind.Auto"/> the engine answers for its best GPU.</param>
    /// <returns>What is missing and what to do, or <see langword="null"/>.</returns>
    string? WhyUnusable(ComputeDevice device);

    /// <summary>Starts to train a model.</summary>
    /// <param name="config">The model.</param>
    /// <param name="weights">The weights to start from; copied.</param>
    /// <param name="options">How the weights are updated, and where.</param>
    /// <returns>A session, to be disposed.</returns>
    ITrainingSession StartTraining(ModelConfig config, ModelWeights weights, TrainingSessionOptions options);

    /// <summary>Makes a language model ready to run.</summary>
    /// <param name="config">The model; an <see cref="ArgumentException"/> says that it is a classifier.</param>
    /// <param name="weights">Its weights; copied, or held and never written.</param>
    /// <param name="options">Where it runs.</param>
    /// <returns>The model; safe for use by many threads at once, to be disposed.</returns>
    ILanguageModelRuntime LoadLanguageModel(ModelConfig config, ModelWeights weights, InferenceOptions options);

    /// <summary>Makes a text classifier ready to run.</summary>
    /// <param name="config">The model; an <see cref="ArgumentException"/> says that it is a language model.</param>
    /// <param name="weights">Its weights; copied, or held and never written.</param>
    /// <param name="options">Where it runs.</param>
    /// <returns>The model; safe for use by many threads at once, to be disposed.</returns>
    IClassifierRuntime LoadClassifier(ModelConfig config, ModelWeights weights, InferenceOptions options);
}
