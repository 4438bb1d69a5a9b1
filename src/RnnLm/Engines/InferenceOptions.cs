namespace RnnLm.Engines;

/// <summary>Where a model runs.</summary>
internal sealed record InferenceOptions
{
    /// <summary>Gets the device; never <see cref="DeviceKind.Auto"/>.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>Gets the number of CPU threads, at least 1.</summary>
    public int Threads { get; init; } = 1;
}
