using RnnLm.TorchSharp.Devices;

namespace RnnLm.TorchSharp.Tests;

/// <summary>A machine as a test wants it.</summary>
internal sealed class FakeDevices : ITorchDevices
{
    public string? NativeFault { get; init; }

    public bool HasCudaBuild { get; init; } = true;

    public int CudaDeviceCount { get; init; }

    public bool IsMpsUsable { get; init; }

    public Exception? Fault { get; init; }

    public string? LoadNative() => Fault is null ? NativeFault : throw Fault;
}
