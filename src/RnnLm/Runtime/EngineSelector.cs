using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.Managed;

namespace RnnLm.Runtime;

/// <summary>Chooses engine and device by the options and by what the machine has.</summary>
internal sealed class EngineSelector
{
    private readonly IEngine _managed;
    private readonly Func<(IEngine? Engine, string? WhyNot)> _findTorchSharp;

    /// <summary>Gets the selector of this machine.</summary>
    public static EngineSelector Default { get; } = new(new ManagedEngine(), TorchSharpLocator.Find);

    /// <param name="managed">The managed engine.</param>
    /// <param name="findTorchSharp">Finds the TorchSharp engine, or says why there is none.</param>
    public EngineSelector(IEngine managed, Func<(IEngine? Engine, string? WhyNot)> findTorchSharp) =>
        (_managed, _findTorchSharp) = (managed, findTorchSharp);

    /// <summary>Chooses for training.</summary>
    /// <exception cref="OptionsException">Options are wrong.</exception>
    /// <exception cref="DeviceUnavailableException">What was asked for is not there, and falling back to the CPU is not
    /// allowed.</exception>
    public EngineChoice ForTraining(DeviceOptions options, IProgress<LogMessage>? log) => Choose(options, log, training: true);

    /// <summary>Chooses for sampling and scoring: the managed engine unless another, or a GPU, was asked for by name.</summary>
    /// <exception cref="OptionsException">Options are wrong.</exception>
    /// <exception cref="DeviceUnavailableException">What was asked for is not there, and falling back to the CPU is not
    /// allowed.</exception>
    public EngineChoice ForInference(DeviceOptions options, IProgress<LogMessage>? log) => Choose(options, log, training: false);

    private EngineChoice Choose(DeviceOptions options, IProgress<LogMessage>? log, bool training)
    {
        var faults = new OptionFaults();
        options.Check(faults);
        faults.ThrowIfAny(nameof(options));
        ComputeDevice device = options.Device is null ? ComputeDevice.Auto : ComputeDevice.Parse(options.Device);
        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        bool torchNamed = options.Engine == EngineKind.TorchSharp, gpuNamed = device.Kind is DeviceKind.Cuda or DeviceKind.Mps;
        bool gpuWanted = gpuNamed || (device.Kind == DeviceKind.Auto && (training || torchNamed));
        // More threads than processors only keep each other waiting, and no result of the managed engine depends on their number;
        // TorchSharp's do.
        var managed = new EngineChoice(_managed, ComputeDevice.Cpu, Math.Min(threads, Environment.ProcessorCount));
        // On the CPU the managed engine measured faster, in training as in sampling (docs/performance.md).
        if (options.Engine == EngineKind.Managed || (!torchNamed && !gpuWanted))
            return managed;

        (IEngine? torch, string? whyNot) = _findTorchSharp();
        if (gpuWanted)
        {
            string? whyNoGpu = whyNot ?? torch!.WhyUnusable(device);
            if (whyNoGpu is null)
                return new EngineChoice(torch!, gpuNamed ? device : BestGpu(torch!), threads);
            if (gpuNamed && options.FallbackToCpu != true)
                throw new DeviceUnavailableException($"device '{device}' can't be used: {whyNoGpu} To run on the CPU instead, set "
                    + $"{OptionIds.FallbackToCpu.Set(true)} or {OptionIds.Device.Set("cpu")}.");
            // Where the TorchSharp engine is neither asked for nor there, nobody looks for a GPU.
            if (gpuNamed)
                log?.Report(new(LogSeverity.Warning, $"device '{device}' can't be used, so the CPU is taken: {whyNoGpu}"));
            else if (torchNamed || torch is not null || TorchSharpLocator.IsNamed)
                log?.Report(new(LogSeverity.Info, $"Running on the CPU. No GPU: {whyNoGpu}"));
            if (!torchNamed)
                return managed;
        }

        whyNot ??= torch!.WhyUnusable(ComputeDevice.Cpu);
        if (whyNot is not null)
            throw new DeviceUnavailableException($"the TorchSharp engine can't be used: {whyNot} To run without it, set "
                + $"{OptionIds.Engine.Set(EngineKind.Auto)} or {EngineKind.Managed}.");
        return new EngineChoice(torch!, ComputeDevice.Cpu, threads);
    }

    private static ComputeDevice BestGpu(IEngine torch)
    {
        var cuda = new ComputeDevice(DeviceKind.Cuda, 0);
        return torch.WhyUnusable(cuda) is null ? cuda : new ComputeDevice(DeviceKind.Mps);
    }
}
