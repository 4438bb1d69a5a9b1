namespace RnnLm.Engines;

/// <summary>The kind of a compute device.</summary>
internal enum DeviceKind
{
    /// <summary>A GPU where there is one, else the CPU.</summary>
    Auto,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,

    /// <summary>An Apple GPU (Metal performance shaders).</summary>
    Mps,
}
