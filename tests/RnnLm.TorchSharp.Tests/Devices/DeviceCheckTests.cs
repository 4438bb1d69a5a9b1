using System.Runtime.InteropServices;
using RnnLm.Engines;
using RnnLm.Managed.Training;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Devices;

namespace RnnLm.TorchSharp.Tests;

public sealed class DeviceCheckTests
{
    private const string Missing = "Unable to load 'LibTorchSharp'";

    private static readonly NativePackages Linux = Packages("LINUX", Architecture.X64, "0.105.1");
    private static readonly NativePackages Mac = Packages("OSX", Architecture.Arm64, "0.105.1");

    /// <summary>The system, the processor, TorchSharp, what its native part says, and what is to be done.</summary>
    public static TheoryData<string, Architecture, string, string, string> MissingNative => new()
    {
        { "LINUX", Architecture.X64, "0.105.1", Missing, "Add the package libtorch-cpu-linux-x64, version 2.5.1, or for an NVIDIA GPU "
        + "libtorch-cuda-12.1-linux-x64, version 2.5.1, to the application" },
        { "LINUX", Architecture.X64, "0.107.0", Missing, "Add the package libtorch-cpu-linux-x64, version 2.10.0, or for an NVIDIA GPU "
        + "libtorch-cuda-12.8-linux-x64, version 2.10.0, to the application" },
        { "LINUX", Architecture.X64, "0.107.0", "/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found",
        "(Debian 13, Ubuntu 24.04), or TorchSharp 0.105.1 with libtorch-cpu-linux-x64, version 2.5.1." },
        { "LINUX", Architecture.X64, "0.107.0", "libLibTorchSharp.so: undefined symbol: _ZN2at7ContextE",
        "of another version than 2.10.0: take the package libtorch-cpu-linux-x64, version 2.10.0, or" },
        { "WINDOWS", Architecture.X64, "0.105.1", Missing,
        "Add the package libtorch-cpu-win-x64, version 2.5.1, or for an NVIDIA GPU libtorch-cuda-12.1-win-x64, version 2.5.1, to" },
        { "WINDOWS", Architecture.X64, "0.105.1", "The specified procedure could not be found. (0x8007007F)",
        "of another version than 2.5.1: take the package libtorch-cpu-win-x64, version 2.5.1, or" },
        { "WINDOWS", Architecture.X64, "0.107.0", Missing,
        "TorchSharp 0.107.0 does not load on Windows: take TorchSharp 0.105.1 with libtorch-cpu-win-x64, version 2.5.1." },
        { "WINDOWS", Architecture.Arm64, "0.107.0", Missing, "Add the package libtorch-cpu-win-arm64, version 2.10.0, to the application" },
        { "OSX", Architecture.Arm64, "0.105.1", Missing, "Add the package libtorch-cpu-osx-arm64, version 2.5.1, to the application" },
        { "OSX", Architecture.Arm64, "0.107.0", "libLibTorchSharp.dylib: Symbol not found: __ZN2at",
        "of another version than 2.10.0: take the package libtorch-cpu-osx-arm64, version 2.10.0." },
        { "LINUX", Architecture.Arm64, "0.105.1", Missing, "There is no libtorch package for this system" },
    };

    [Theory]
    [MemberData(nameof(MissingNative))]
    public void WhereLibTorchDoesNotLoadWhatMendsItIsNamed(string system, Architecture processor, string torchSharp, string reason,
    string expected)
    {
        var engine = new TorchSharpEngine(new FakeDevices { NativeFault = $"{reason}\nat all the places" },
            Packages(system, processor, torchSharp));
        foreach (DeviceKind kind in Enum.GetValues<DeviceKind>())
        {
            string? why = engine.WhyUnusable(new ComputeDevice(kind));
            Assert.Contains(expected, why, StringComparison.Ordinal);
            Assert.Contains(reason, why, StringComparison.Ordinal);
            Assert.DoesNotContain("\n", why, StringComparison.Ordinal);
        }

        ModelConfig config = SmallModels.Config();
        DeviceUnavailableException fault = Assert.Throws<DeviceUnavailableException>(() =>
            engine.LoadLanguageModel(config, new ModelWeights(config), new InferenceOptions()));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Throws<DeviceUnavailableException>(() =>
            engine.StartTraining(config, new ModelWeights(config), new TrainingSessionOptions { Optimizer = new OptimizerOptions() }));
    }

    [Theory]
    [InlineData(1, "cuda", null)]
    [InlineData(1, "cuda:0", null)]
    [InlineData(1, "cuda:1", "this machine has one, cuda:0")]
    [InlineData(4, "cuda:3", null)]
    [InlineData(4, "cuda:4", "this machine has 4, cuda:0 to cuda:3")]
    [InlineData(0, "cuda", "no NVIDIA GPU that it can use")]
    [InlineData(0, "auto", "no NVIDIA GPU that it can use")]
    [InlineData(2, "auto", null)]
    [InlineData(0, "cpu", null)]
    [InlineData(2, "mps", "Apple")]
    public void OnLinuxGpusAreCounted(int gpus, string device, string? expected)
    {
        string? why = new DeviceCheck(new FakeDevices { CudaDeviceCount = gpus }, Linux).WhyUnusable(ComputeDevice.Parse(device));
        if (expected is null)
            Assert.Null(why);
        else
            Assert.Contains(expected, why, StringComparison.Ordinal);
    }

    [Fact]
    public void ALibTorchOfTheCpuIsTheReasonWhyThereIsNoCuda()
    {
        var check = new DeviceCheck(new FakeDevices { HasCudaBuild = false, CudaDeviceCount = 2 }, Linux);
        string? why = check.WhyUnusable(ComputeDevice.Parse("cuda:1"));
        Assert.Contains("built for the CPU only", why, StringComparison.Ordinal);
        Assert.Contains("libtorch-cuda-12.1-linux-x64, version 2.5.1", why, StringComparison.Ordinal);
        Assert.Equal(why, check.WhyUnusable(ComputeDevice.Auto));
        Assert.Null(check.WhyUnusable(ComputeDevice.Cpu));
    }

    [Theory]
    [InlineData(true, "mps", null)]
    [InlineData(true, "auto", null)]
    [InlineData(false, "mps", "Apple")]
    [InlineData(true, "cuda", "no libtorch with CUDA for this system")]
    public void OnAMacTheGpuIsMps(bool usable, string device, string? expected)
    {
        string? why = new DeviceCheck(new FakeDevices { IsMpsUsable = usable }, Mac).WhyUnusable(ComputeDevice.Parse(device));
        if (expected is null)
            Assert.Null(why);
        else
            Assert.Contains(expected, why, StringComparison.Ordinal);
    }

    [LibTorchFact]
    public void TheIndexIsHonoured()
    {
        var check = new DeviceCheck(new FakeDevices { CudaDeviceCount = 3 }, Linux);
        Assert.Equal("cuda:2", check.Resolve(ComputeDevice.Parse("cuda:2")).ToString());
        Assert.Equal("cuda:0", check.Resolve(ComputeDevice.Parse("cuda")).ToString());
        Assert.Equal(DeviceType.CPU, check.Resolve(ComputeDevice.Cpu).type);
        Assert.Throws<ArgumentException>(() => check.Resolve(ComputeDevice.Auto));
        DeviceUnavailableException fault = Assert.Throws<DeviceUnavailableException>(() => check.Resolve(ComputeDevice.Parse("cuda:3")));
        Assert.StartsWith("Device 'cuda:3' can't be used: There is no GPU of index 3", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LINUX", "0.105.1", "CUDA 12.1 (525 or later)")]
    [InlineData("WINDOWS", "0.105.1", "CUDA 12.1 (528 or later)")]
    [InlineData("LINUX", "0.107.0", "CUDA 12.8 (570 or later)")]
    public void TheDriverIsThatOfTheTorchSharpLoaded(string system, string torchSharp, string expected)
    {
        var check = new DeviceCheck(new FakeDevices(), Packages(system, Architecture.X64, torchSharp));
        Assert.Contains(expected, check.WhyUnusable(ComputeDevice.Parse("cuda")), StringComparison.Ordinal);
    }

    [Fact]
    public void TheLoadedTorchSharpSaysItsVersions()
    {
        NativePackages packages = NativePackages.Current;
        (string, string) expected = packages.TorchSharp == "0.105.1" ? ("2.5.1", "12.1") : ("2.10.0", "12.8");
        Assert.Equal(expected, (packages.LibTorch, packages.CudaVersion));
    }

    [Fact]
    public void AFaultWhileAskingIsTheAnswer()
    {
        var check = new DeviceCheck(new FakeDevices { Fault = new InvalidOperationException("CUDA driver initialization failed\n  trace") },
            Linux);
        Assert.Equal("libtorch failed when asked about the device: CUDA driver initialization failed",
            check.WhyUnusable(ComputeDevice.Parse("cuda")));
    }

    [Fact]
    public void TheEngineSaysWhichItIs() => Assert.Equal(EngineKind.TorchSharp, new TorchSharpEngine().Kind);

    private static NativePackages Packages(string system, Architecture processor, string torchSharp) =>
        torchSharp == "0.105.1"
            ? NativePackages.For(OSPlatform.Create(system), processor, new Version(0, 105, 1, 0), "2.5.1.0", "12.1")
            : NativePackages.For(OSPlatform.Create(system), processor, new Version(0, 107, 0, 0), "2.10.0.0", "12.8");
}
