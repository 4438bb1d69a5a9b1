using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ML;
using Microsoft.ML;
using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet.Tests;

/// <summary>A pool that watches its model file takes up a model that is written over it.</summary>
public sealed class WatchingPoolTests : IDisposable
{
    private readonly MLContext _ml = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("rnnlm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("core")]
    [InlineData("ML.NET")]
    public async Task AModelWrittenOverTheFileIsTakenUp(string writer)
    {
        string path = Path.Combine(_folder, "model.zip");
        using RnnLanguageModelTransformer first = SmallModels.Model();
        using RnnLanguageModelTransformer second = first.WithSampling(new SamplingOptions { Seed = 99, MaxLength = 33 });
        _ml.Model.Save(first, null, path);
        var services = new ServiceCollection();
        services.AddPredictionEnginePool<TextInput, TextOutput>().FromFile(modelName: "model", filePath: path, watchForChanges: true);
        await using ServiceProvider provider = services.BuildServiceProvider();
        var pool = provider.GetRequiredService<PredictionEnginePool<TextInput, TextOutput>>();
        var hello = new TextInput { Text = "Hello" };
        Assert.Equal(first.Predict(_ml, "Hello"), pool.Predict("model", hello).Continuation);

        if (writer == "core")
            second.Model.Save(path);
        else
            _ml.Model.Save(second, null, path);
        string expected = second.Predict(_ml, "Hello");
        for (int i = 0; i < 600 && pool.Predict("model", hello).Continuation != expected; i++)
            await Task.Delay(100);
        Assert.Equal(expected, pool.Predict("model", hello).Continuation);
    }
}
