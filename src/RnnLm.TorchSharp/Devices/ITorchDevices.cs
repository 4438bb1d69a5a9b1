namespace RnnLm.TorchSharp.Devices;

/// <summary>What the machine's libtorch can run on.</summary>
internal interface ITorchDevices
{
    /// <summary>Loads libtorch and TorchSharp's native part.</summary>
    /// <returns>Why they can't be loaded, or <see langword="null"/> where they are.</returns>
    string? LoadNative();

    /// <summary>Gets whether this libtorch was built with CUDA.</summary>
    bool HasCudaBuild { get; }

    /// <summary>Gets the number of NVIDIA GPUs that can be used; 0 without driver or GPU.</summary>
    int CudaDeviceCount { get; }

    /// <summary>Gets whether the Apple GPU works.</summary>
    bool IsMpsUsable { get; }
}
