namespace RnnLm;

/// <summary>Which engine trains or runs a model.</summary>
public enum EngineKind
{
    /// <summary>TorchSharp where a GPU is asked for or usable; on the CPU, for training whichever measured faster (the managed engine), and
    /// for sampling always the managed engine.</summary>
    Auto,

    /// <summary>Plain C# with SIMD on the CPU; no native library.</summary>
    Managed,

    /// <summary>libtorch by way of TorchSharp: CPU, CUDA or MPS.</summary>
    TorchSharp,
}
