using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Devices;
using RnnLm.TorchSharp.Inference;
using RnnLm.TorchSharp.Training;

namespace RnnLm.TorchSharp;

/// <summary>
/// Trains and runs models on libtorch, by way of TorchSharp: on the CPU, one NVIDIA GPU or the Apple GPU. The application chooses the
/// libtorch by its package, for example <c>libtorch-cpu-linux-x64</c>, of the version that pairs with its TorchSharp.
/// </summary>
internal sealed class TorchSharpEngine : IEngine
{
    private readonly DeviceCheck _devices;

    /// <summary>Makes an engine. libtorch is loaded when a device is first asked about.</summary>
    public TorchSharpEngine() : this(new TorchDevices(), NativePackages.Current)
    {
    }

    internal TorchSharpEngine(ITorchDevices devices, NativePackages packages) => _devices = new DeviceCheck(devices, packages);

    /// <inheritdoc/>
    public EngineKind Kind => EngineKind.TorchSharp;

    /// <inheritdoc/>
    public string? WhyUnusable(ComputeDevice device) => _devices.WhyUnusable(device);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The weights are of another model, or the options don't fit it.</exception>
    /// <exception cref="InvalidOperationException">The device can't be used.</exception>
    public ITrainingSession StartTraining(ModelConfig config, ModelWeights weights, TrainingSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(config);
        if (options.Privacy is not null)
            throw new ArgumentException("The TorchSharp engine does not clip the gradients of rows by themselves, so it can't train "
                + "privately.", nameof(options));
        CheckWeights(config, weights);
        torch.Device device = _devices.Resolve(options.Device);
        // cuDNN's recurrent kernels take 16-bit floats of this kind alone; the CPU and the Apple GPU train in 32 bits.
        bool halves = options.MixedPrecision && device.type == DeviceType.CUDA;
        return new TorchSharpTrainingSession(config, weights, options, device,
            halves ? torch.ScalarType.Float16 : torch.ScalarType.Float32);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The model is a classifier, or the weights are of another model.</exception>
    /// <exception cref="InvalidOperationException">The device can't be used.</exception>
    public ILanguageModelRuntime LoadLanguageModel(ModelConfig config, ModelWeights weights, InferenceOptions options)
    {
        Check(config, classifies: false, weights, options);
        return new TorchSharpLanguageModel(config, weights, options.Threads, _devices.Resolve(options.Device));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The model is a language model, or the weights are of another model.</exception>
    /// <exception cref="InvalidOperationException">The device can't be used.</exception>
    public IClassifierRuntime LoadClassifier(ModelConfig config, ModelWeights weights, InferenceOptions options)
    {
        Check(config, classifies: true, weights, options);
        return new TorchSharpClassifier(config, weights, options.Threads, _devices.Resolve(options.Device));
    }

    private static void Check(ModelConfig config, bool classifies, ModelWeights weights, InferenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        config.MustClassify(classifies);
        CheckWeights(config, weights);
    }

    private static void CheckWeights(ModelConfig config, ModelWeights weights)
    {
        foreach (WeightTensor expected in new ModelWeights(config))
        {
            if (!weights.TryGet(expected.Name, out WeightTensor? tensor) || !tensor.Shape.AsSpan().SequenceEqual(expected.Shape))
                throw new ArgumentException($"The weights are of another model: there is no '{expected.Name}' of shape "
                    + $"[{string.Join(", ", expected.Shape)}].", nameof(weights));
        }
    }
}
