using System.Runtime.InteropServices;

namespace RnnLm.TorchSharp;

/// <summary>The packages that bring libtorch, for a system.</summary>
/// <param name="Cpu">The package for the CPU, or <see langword="null"/> where there is none for the system.</param>
/// <param name="Cuda">The package for NVIDIA GPUs, or <see langword="null"/> where there is none for the system.</param>
internal sealed record NativePackages(string? Cpu, string? Cuda)
{
    /// <summary>The version that pairs with TorchSharp 0.105.1.</summary>
    public const string Version = "2.5.1";

    public static NativePackages Current { get; } = For(
        OperatingSystem.IsWindows() ? OSPlatform.Windows : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux, RuntimeInformation.ProcessArchitecture);

    public static NativePackages For(OSPlatform system, Architecture architecture) => (system.ToString(), architecture) switch
    {
        ("LINUX", Architecture.X64) => new("libtorch-cpu-linux-x64", "libtorch-cuda-12.1-linux-x64"),
        ("WINDOWS", Architecture.X64) => new("libtorch-cpu-win-x64", "libtorch-cuda-12.1-win-x64"),
        ("OSX", Architecture.Arm64) => new("libtorch-cpu-osx-arm64", null),
        _ => new(null, null),
    };
}
