using RnnLm.Engines;
using RnnLm.Managed.Inference;
using RnnLm.Managed.Training;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed;

/// <summary>The engine in plain C#: SIMD on the CPU, and no native library.</summary>
internal sealed class ManagedEngine : IEngine
{
    /// <inheritdoc/>
    public EngineKind Kind => EngineKind.Managed;

    /// <summary>Says why a device can't be used, or returns <see langword="null"/> where it can: the CPU always can, and no
    /// other.</summary>
    /// <param name="device">A device.</param>
    /// <returns>What to do instead, or <see langword="null"/>.</returns>
    public string? WhyUnusable(ComputeDevice device) => device.Kind == DeviceKind.Cpu
        ? null
        : $"The managed engine runs on the CPU only, not on '{device}'. Use Device = cpu, or Engine = TorchSharp for a GPU.";

    /// <summary>Starts to train a model.</summary>
    /// <param name="config">The model.</param>
    /// <param name="weights">The weights to start from; copied.</param>
    /// <param name="options">How the weights are updated, and the number of threads; the device must be the CPU.</param>
    /// <returns>A session. Its results are the same bits for any number of threads, and on every processor with fused
    /// multiply-adds.</returns>
    /// <exception cref="ArgumentException">The device is not the CPU, or the options don't fit the model.</exception>
    public ITrainingSession StartTraining(ModelConfig config, ModelWeights weights, TrainingSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(config);
        if (WhyUnusable(options.Device) is { } reason)
            throw new ArgumentException(reason, nameof(options));
        return ManagedTraining.Start(config, weights, options);
    }

    /// <summary>Packs a language model for the processor.</summary>
    /// <param name="config">The model.</param>
    /// <param name="weights">Its weights; copied.</param>
    /// <param name="options">The number of threads; the device must be the CPU.</param>
    /// <returns>The model; safe for use by many threads at once.</returns>
    /// <exception cref="ArgumentException">The model is a classifier, or the device is not the CPU.</exception>
    public ILanguageModelRuntime LoadLanguageModel(ModelConfig config, ModelWeights weights, InferenceOptions options)
    {
        Check(config, classifies: false, weights, options);
        return new ManagedLanguageModel(config, weights, options.Threads, VectorMath.Lanes);
    }

    /// <summary>Packs a classifier for the processor.</summary>
    /// <param name="config">The model.</param>
    /// <param name="weights">Its weights; copied.</param>
    /// <param name="options">The device must be the CPU; a batch is classified by the thread that asks.</param>
    /// <returns>The model; safe for use by many threads at once.</returns>
    /// <exception cref="ArgumentException">The model is a language model, or the device is not the CPU.</exception>
    public IClassifierRuntime LoadClassifier(ModelConfig config, ModelWeights weights, InferenceOptions options)
    {
        Check(config, classifies: true, weights, options);
        return new ManagedClassifier(config, weights, VectorMath.Lanes);
    }

    private void Check(ModelConfig config, bool classifies, ModelWeights weights, InferenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        config.MustClassify(classifies);
        if (WhyUnusable(options.Device) is { } reason)
            throw new ArgumentException(reason, nameof(options));
    }
}
