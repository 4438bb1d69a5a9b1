namespace RnnLm;

/// <summary>How an engine updates weights, and where.</summary>
public sealed record TrainingSessionOptions
{
    /// <summary>Gets the optimiser and its settings, clipping included. The learning rate comes with each update.</summary>
    public required OptimizerOptions Optimizer { get; init; }

    /// <summary>Gets the device; never <see cref="DeviceKind.Auto"/>.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>Gets the number of CPU threads, at least 1. The managed engine uses no more of them than a minibatch has work for.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Gets whether a GPU uses automatic mixed precision.</summary>
    public bool MixedPrecision { get; init; }

    /// <summary>Gets the seed of the dropout masks.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gets the number of multiply-adds for which the managed engine wakes another thread: some 20 µs of work.</summary>
    internal long WorkPerThread { get; init; } = 1_000_000;
}
