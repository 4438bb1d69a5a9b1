using System.Reflection;
using System.Runtime.InteropServices;

namespace RnnLm.TorchSharp.Devices;

/// <summary>The libtorch that pairs with a TorchSharp, and the packages that bring it to a system.</summary>
internal sealed record NativePackages
{
    /// <summary>The oldest TorchSharp that the engine runs with. It runs on older systems, and on Windows, where 0.107.0 does not
    /// load.</summary>
    public const string OldestTorchSharp = "0.105.1", OldestLibTorch = "2.5.1";

    /// <summary>The TorchSharp that does not load on Windows x64; the first with a package for Windows on ARM.</summary>
    private static readonly Version NotOnWindows = new(0, 107, 0), WindowsArm = new(0, 107, 0);

    /// <summary>Gets those of this system and of the TorchSharp that is loaded.</summary>
    public static NativePackages Current { get; } = For(
        OperatingSystem.IsWindows() ? OSPlatform.Windows : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux,
            RuntimeInformation.ProcessArchitecture,
        typeof(torch).Assembly.GetName().Version!, Constant("libtorchPackageVersion") ?? "2.10.0.0", Constant("cudaVersion") ?? "12.8");

    /// <summary>Gets the version of TorchSharp.</summary>
    public required string TorchSharp { get; init; }

    /// <summary>Gets the version of libtorch, and of its packages.</summary>
    public required string LibTorch { get; init; }

    /// <summary>Gets the package for the CPU, or <see langword="null"/> where there is none for the system.</summary>
    public required string? Cpu { get; init; }

    /// <summary>Gets the package for NVIDIA GPUs, or <see langword="null"/> where there is none for the system.</summary>
    public required string? Cuda { get; init; }

    /// <summary>Gets the version of CUDA.</summary>
    public required string CudaVersion { get; init; }

    /// <summary>Gets the oldest version of NVIDIA's driver for that CUDA.</summary>
    public required int Driver { get; init; }

    /// <summary>Gets whether this TorchSharp is one that does not load on this system, whatever lies beside it.</summary>
    public bool IsBroken { get; init; }

    /// <param name="system">The system.</param>
    /// <param name="architecture">The processor.</param>
    /// <param name="torchSharp">The version of TorchSharp.</param>
    /// <param name="libTorch">The version of libtorch that this TorchSharp names, of three or four numbers.</param>
    /// <param name="cuda">The version of CUDA that it names, of two.</param>
    public static NativePackages For(OSPlatform system, Architecture architecture, Version torchSharp, string libTorch, string cuda)
    {
        (string? cpuPackage, string? cudaPackage) = (system.ToString(), architecture) switch
        {
            ("LINUX", Architecture.X64) => ("libtorch-cpu-linux-x64", $"libtorch-cuda-{cuda}-linux-x64"),
            ("WINDOWS", Architecture.X64) => ("libtorch-cpu-win-x64", $"libtorch-cuda-{cuda}-win-x64"),
            ("WINDOWS", Architecture.Arm64) when torchSharp >= WindowsArm => ("libtorch-cpu-win-arm64", null),
            ("OSX", Architecture.Arm64) => ("libtorch-cpu-osx-arm64", null),
            _ => ((string?)null, (string?)null),
        };
        return new()
        {
            TorchSharp = torchSharp.ToString(3),
            LibTorch = Version.Parse(libTorch).ToString(3),
            Cpu = cpuPackage,
            Cuda = cudaPackage,
            CudaVersion = cuda,
            Driver = cuda != "12.1" ? 570 : system == OSPlatform.Windows ? 528 : 525,
            IsBroken = system == OSPlatform.Windows && architecture == Architecture.X64
                && torchSharp.ToString(3) == NotOnWindows.ToString(3),
        };
    }

    /// <summary>Reads a constant of TorchSharp's. Its public property of the same does not answer before libtorch is loaded.</summary>
    private static string? Constant(string name) =>
        typeof(torch).GetField(name, BindingFlags.Static | BindingFlags.NonPublic)?.GetRawConstantValue() as string;
}
