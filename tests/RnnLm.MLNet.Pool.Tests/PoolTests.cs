using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ML;
using Microsoft.ML;
using RnnLm.MLNet.Transformers;
using RnnLm.Tests;

namespace RnnLm.MLNet.Tests;

/// <summary>A pool under load. Runs by itself: the memory measured is the whole process's.</summary>
[CollectionDefinition(nameof(PoolTests), DisableParallelization = true)]
[Collection(nameof(PoolTests))]
public sealed class PoolTests
{
    private const int Threads = 64, WarmUp = 100, Predictions = 1000;

    [Fact]
    public void SixtyFourThreadsGetWhatOneGetsAndMemoryStaysFlat()
    {
        using var folder = new TempFolder();
        string path = folder["model.zip"];
        using RnnLanguageModelTransformer model = SmallModels.Model();
        model.Model.Save(path);
        string[] prompts = [.. Enumerable.Range(0, 500).Select(i => $"{SmallModels.Prompts[i % 8]} {i}")];
        string[] expected = [.. prompts.Select(prompt => model.Predict(new MLContext(), prompt))];

        var services = new ServiceCollection();
        services.AddPredictionEnginePool<TextInput, TextOutput>().FromFile(path);
        using ServiceProvider provider = services.BuildServiceProvider();
        var pool = provider.GetRequiredService<PredictionEnginePool<TextInput, TextOutput>>();

        Predict(pool, prompts, expected, WarmUp);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Predict(pool, prompts, expected, Predictions - WarmUp);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        // A hundred bytes left behind by each prediction would be more.
        Assert.True(grown < 100 * Threads * (Predictions - WarmUp), $"The memory in use has grown by {grown:N0} bytes.");
    }

    private static void Predict(PredictionEnginePool<TextInput, TextOutput> pool, string[] prompts, string[] expected, int predictions)
    {
        using var start = new Barrier(Threads);
        Task[] tasks = [.. Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            for (int i = 0; i < predictions; i++)
            {
                int row = (i + (thread * 31)) % prompts.Length;
                Assert.Equal(expected[row], pool.Predict(new TextInput { Text = prompts[row] }).Continuation);
            }
        }, TaskCreationOptions.LongRunning))];
        Task.WaitAll(tasks);
    }
}
