using System.Diagnostics;
using RnnLm.Cli.Reproduce;
using RnnLm.Cli.Terminal;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

public sealed class MemoryLimitTests : IDisposable
{
    private const long Gibibyte = 1 << 30;

    private readonly TempFolder _folder = new();

    public MemoryLimitTests() =>
        File.WriteAllLines(_folder["song.txt"], Enumerable.Repeat("the cat sat on the mat, and the dog sat on the log.", 2000));

    public static TheoryData<string> RecipeNames => [.. Recipes.All.Select(recipe => recipe.Name)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AModelThatIsTooLargeIsRefusedInTheWordsOfTheCommandLine()
    {
        using var memory = new PlayedMemory(4 * Gibibyte);

        CliRun run = CliRun.Of(Train("--hidden-size", "16384"));

        Assert.Equal(ExitCode.Fault, run.Code);
        Assert.Matches(@"rnnlm: training takes about \d\d\.\d GiB of memory, but of the 4\.0 GiB that this process may use, ", run.Error);
        Assert.Matches(@" --hidden-size \d+ fits; or lower --layers\.", run.Error);
        Assert.Equal(["song.txt"], _folder.Names);
    }

    [Fact]
    public void AMinibatchThatIsTooLargeIsRefusedInTheWordsOfTheCommandLine()
    {
        using var memory = new PlayedMemory(Gibibyte / 16);

        CliRun run = CliRun.Of(Train("--hidden-size", "64", "--batch-size", "1000", "--sequence-length", "100"));

        Assert.Equal(ExitCode.Fault, run.Code);
        Assert.Matches(@" --batch-size \d+ fits; or lower --sequence-length\.", run.Error);
    }

    [Fact]
    public void AModelThatIsTooLargeIsRefusedInTheWordsOfTheConfiguration()
    {
        File.WriteAllText(_folder["song.rnnlm.json"], """
            {
              "task": "language_model",
              "output": "song.zip",
              "source": { "files": ["song.txt"] },
              "model": { "hidden_size": 16384 },
              "device": { "engine": "managed" }
            }
            """);
        using var memory = new PlayedMemory(4 * Gibibyte);

        CliRun run = CliRun.Of("train", _folder["song.rnnlm.json"]);

        Assert.Equal(ExitCode.Fault, run.Code);
        Assert.Matches(@" ""model\.hidden_size"": \d+ fits; or lower model\.layers\.", run.Error);
    }

    [Fact]
    public void TheLimitOfAContainerCounts()
    {
        // The runtime takes a container's limit as its own limit of the heap, which can be set without a container, too.
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. Train("--hidden-size", "2048")])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = "10000000";   // hexadecimal
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.Equal(ExitCode.Fault, process.ExitCode);
        Assert.Contains("but of the 256 MiB that this process may use,", error, StringComparison.Ordinal);
    }

    /// <summary>A container of 4 GiB leaves three quarters to the heap.</summary>
    [SkippableTheory]
    [MemberData(nameof(RecipeNames))]
    public void EveryExperimentRunsInFourGibibytes(string name)
    {
        string[] corpora = name == "dga" ? ["dga"] : ["tinyshakespeare.txt", "timemachine.txt", "names18"];
        foreach (string corpus in corpora)
            TestData.Require(corpus);
        Environment.SetEnvironmentVariable(TestData.Variable, TestData.Folder);
        using var memory = new PlayedMemory(3 * Gibibyte);
        using var stop = new CancellationTokenSource();
        var device = new DeviceOptions { Engine = EngineKind.Managed };
        var run = new RecipeRun(device, Seed: 1, TextWriter.Null, new Callback(stop.Cancel), stop.Token);

        Assert.Throws<OperationCanceledException>(() => Recipes.All.Single(recipe => recipe.Name == name).Run(run));

        Assert.True(memory.Wanted.Count >= 2);
        Assert.InRange(memory.Wanted.Max(), 1, Gibibyte / 2);
    }

    private string[] Train(params string[] more) =>
        ["train", _folder["song.txt"], "-o", _folder["song.zip"], "--engine", "managed", .. more];

    private sealed class Callback(Action report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report();
    }
}
