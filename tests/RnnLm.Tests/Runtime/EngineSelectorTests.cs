using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Runtime;

namespace RnnLm.Tests.Runtime;

public class EngineSelectorTests
{
    private readonly List<LogMessage> _log = [];

    [Theory]
    [InlineData(null)]
    [InlineData("auto")]
    public void AutoTrainsOnTheFirstGpuThatIsThere(string? device)
    {
        EngineChoice choice = Select(new() { Device = device }, Torch("cpu", "cuda", "cuda:0", "auto"));

        Assert.Equal((EngineKind.TorchSharp, "cuda:0"), (choice.Engine.Kind, choice.Device.ToString()));
    }

    [Fact]
    public void AutoTakesAppleGpusWhereThereIsNoCuda() =>
        Assert.Equal("mps", Select(new(), Torch("cpu", "mps", "auto")).Device.ToString());

    /// <summary>A model that is loaded runs by options that no training has looked at.</summary>
    [Theory]
    [InlineData("Device.Threads must be from 0 to 1024, but is -7", "cpu", -7)]
    [InlineData("Device.Device is 'gpu', which is not known", "gpu", 0)]
    [InlineData("Device.Device is 'cuda', but the managed engine runs on the CPU only", "cuda", 0)]
    public void WrongOptionsAreRefusedInUseToo(string fault, string device, int threads)
    {
        var options = new DeviceOptions { Engine = EngineKind.Managed, Device = device, Threads = threads };
        Assert.Contains(fault, Assert.Throws<OptionsException>(() => EngineSelector.Default.ForInference(options, null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AutoWithoutGpuTrainsOnTheManagedEngineAndSaysWhy()
    {
        EngineChoice choice = Select(new(), Torch("cpu"));

        Assert.Equal(EngineKind.Managed, choice.Engine.Kind);
        Assert.Contains(_log, m => m.Severity == LogSeverity.Info && m.Text.Contains("auto is not here", StringComparison.Ordinal));
    }

    [Fact]
    public void AutoWithoutTorchSharpTrainsOnTheManagedEngineAndSaysNothing()
    {
        EngineChoice choice = Select(new(), (null, "add the package."));

        Assert.Equal(EngineKind.Managed, choice.Engine.Kind);
        Assert.Empty(_log);
        Assert.Contains("add the package.", Assert.Throws<DeviceUnavailableException>(() =>
            Select(new() { Device = "cuda" }, (null, "add the package."))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnTheCpuAutoIsTheManagedEngineAndLooksForNoOther() =>
        Assert.Equal(EngineKind.Managed,
        Selector(() => throw new InvalidOperationException("looked")).ForTraining(new() { Device = "cpu" }, null).Engine.Kind);

    [Fact]
    public void InferenceIsManagedEvenWhereThereIsAGpuUnlessOneIsNamed()
    {
        EngineSelector selector = Selector(() => Torch("cpu", "cuda:1", "cuda:0", "auto"));

        Assert.Equal(EngineKind.Managed, selector.ForInference(new(), null).Engine.Kind);
        Assert.Equal("cuda:1", selector.ForInference(new() { Device = "cuda:1" }, null).Device.ToString());
        Assert.Equal("cuda:0", selector.ForInference(new() { Engine = EngineKind.TorchSharp }, null).Device.ToString());
    }

    [Fact]
    public void ANamedGpuIsTakenByItsIndex() =>
        Assert.Equal(new ComputeDevice(DeviceKind.Cuda, 2), Select(new() { Device = "CUDA:2" }, Torch("cpu", "cuda:2")).Device);

    [Fact]
    public void ANamedGpuThatIsNotThereIsAnErrorThatSaysWhatToDo()
    {
        DeviceUnavailableException fault =
            Assert.Throws<DeviceUnavailableException>(() => Select(new() { Device = "cuda:3" }, Torch("cpu", "cuda:0")));

        Assert.Contains("cuda:3 is not here", fault.Message, StringComparison.Ordinal);
        Assert.Contains("FallbackToCpu = true", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EngineKind.Auto, EngineKind.Managed)]
    [InlineData(EngineKind.TorchSharp, EngineKind.TorchSharp)]
    public void FallingBackToTheCpuStaysWithTheEngineAskedForAndWarns(EngineKind asked, EngineKind taken)
    {
        EngineChoice choice = Select(new() { Engine = asked, Device = "cuda", FallbackToCpu = true }, Torch("cpu"));

        Assert.Equal((taken, ComputeDevice.Cpu), (choice.Engine.Kind, choice.Device));
        Assert.Contains(_log, m => m.Severity == LogSeverity.Warning);
    }

    [Fact]
    public void TorchSharpWithoutLibtorchIsAnErrorEvenWithFallback()
    {
        DeviceUnavailableException fault = Assert.Throws<DeviceUnavailableException>(
            () => Select(new() { Engine = EngineKind.TorchSharp, FallbackToCpu = true }, Torch()));

        Assert.Contains("cpu is not here", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThreadsAreAllProcessorsUnlessNamed()
    {
        Assert.Equal(Environment.ProcessorCount, Select(new(), Torch()).Threads);
        Assert.Equal(1, Select(new() { Threads = 1 }, Torch()).Threads);
    }

    [Fact]
    public void TheManagedEngineGetsNoMoreThreadsThanThereAreProcessors()
    {
        Assert.Equal(Environment.ProcessorCount, Select(new() { Threads = 1024 }, Torch()).Threads);
        Assert.Equal(1024, Select(new() { Threads = 1024, Engine = EngineKind.TorchSharp }, Torch("cpu")).Threads);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("")]
    public void DevicesThatAreNoneAreRefused(string device) => Assert.Throws<ArgumentException>(() => ComputeDevice.Parse(device));

    private static EngineSelector Selector(Func<(IEngine?, string?)> find) => new(new Engine(EngineKind.Managed, ["cpu"]), find);

    private static (IEngine?, string?) Torch(params string[] devices) => (new Engine(EngineKind.TorchSharp, devices), null);

    private EngineChoice Select(DeviceOptions options, (IEngine?, string?) torch) =>
        Selector(() => torch).ForTraining(options, new Collector(_log));

    private sealed class Collector(List<LogMessage> log) : IProgress<LogMessage>
    {
        public void Report(LogMessage value) => log.Add(value);
    }

    /// <summary>An engine that has some devices, and is never run.</summary>
    private sealed class Engine(EngineKind kind, string[] devices) : IEngine
    {
        public EngineKind Kind => kind;

        public string? WhyUnusable(ComputeDevice device) => devices.Contains(device.ToString()) ? null : $"{device} is not here.";

        public ITrainingSession StartTraining(ModelConfig config, ModelWeights weights, TrainingSessionOptions options) =>
            throw new NotSupportedException();

        public ILanguageModelRuntime LoadLanguageModel(ModelConfig config, ModelWeights weights, InferenceOptions options) =>
            throw new NotSupportedException();

        public IClassifierRuntime LoadClassifier(ModelConfig config, ModelWeights weights, InferenceOptions options) =>
            throw new NotSupportedException();
    }
}
