using System.Runtime.InteropServices;

namespace RnnLm.TorchSharp.Tests;

public sealed class DeviceCheckTests
{
    private static readonly NativePackages Linux = NativePackages.For(OSPlatform.Linux, Architecture.X64);
    private static readonly NativePackages Mac = NativePackages.For(OSPlatform.OSX, Architecture.Arm64);

    public static TheoryData<string, Architecture, string> MissingNative => new()
    {
        { "LINUX", Architecture.X64, "libtorch-cpu-linux-x64, version 2.5.1, to the application, or for an NVIDIA GPU libtorch-cuda-12.1-linux-x64, version 2.5.1" },
        { "WINDOWS", Architecture.X64, "libtorch-cpu-win-x64, version 2.5.1, to the application, or for an NVIDIA GPU libtorch-cuda-12.1-win-x64, version 2.5.1" },
        { "OSX", Architecture.Arm64, "libtorch-cpu-osx-arm64, version 2.5.1, to the application." },
        { "LINUX", Architecture.Arm64, "There is no libtorch package for this system" },
    };

    [Theory]
    [MemberData(nameof(MissingNative))]
    public void WithoutLibTorchThePackageAndItsVersionAreNamed(string system, Architecture processor, string expected)
    {
        var engine = new TorchSharpEngine(new FakeDevices { NativeFault = "Unable to load 'LibTorchSharp'\nat all the places" }, NativePackages.For(OSPlatform.Create(system), processor));
        foreach (DeviceKind kind in Enum.GetValues<DeviceKind>())
        {
            string? why = engine.WhyUnusable(new ComputeDevice(kind));
            Assert.Contains(expected, why, StringComparison.Ordinal);
            Assert.Contains("Unable to load 'LibTorchSharp'", why, StringComparison.Ordinal);
            Assert.DoesNotContain("\n", why, StringComparison.Ordinal);
        }

        ModelConfig config = SmallModels.Config();
        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() => engine.LoadForInference(config, new ModelWeights(config), new InferenceOptions()));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => engine.StartTraining(config, new ModelWeights(config), new TrainingSessionOptions { Optimizer = new OptimizerOptions() }));
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

    [Fact]
    public void TheIndexIsHonoured()
    {
        var check = new DeviceCheck(new FakeDevices { CudaDeviceCount = 3 }, Linux);
        Assert.Equal("cuda:2", check.Resolve(ComputeDevice.Parse("cuda:2")).ToString());
        Assert.Equal("cuda:0", check.Resolve(ComputeDevice.Parse("cuda")).ToString());
        Assert.Equal(DeviceType.CPU, check.Resolve(ComputeDevice.Cpu).type);
        Assert.Throws<ArgumentException>(() => check.Resolve(ComputeDevice.Auto));
        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() => check.Resolve(ComputeDevice.Parse("cuda:3")));
        Assert.StartsWith("Device 'cuda:3' can't be used: There is no GPU of index 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFaultWhileAskingIsTheAnswer()
    {
        var check = new DeviceCheck(new FakeDevices { Fault = new InvalidOperationException("CUDA driver initialization failed\n  trace") }, Linux);
        Assert.Equal("libtorch failed when asked about the device: CUDA driver initialization failed", check.WhyUnusable(ComputeDevice.Parse("cuda")));
    }

    [Fact]
    public void TheTestsLibTorchIsThere()
    {
        Assert.Null(new TorchSharpEngine().WhyUnusable(ComputeDevice.Cpu));
        Assert.Equal(EngineKind.TorchSharp, new TorchSharpEngine().Kind);
    }
}
