using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ML;
using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.Transformers;
using RnnLm.Tests;

namespace RnnLm.MLNet.Tests;

/// <summary>A pool writes what Transform writes: to the bit, in any order, from several threads.</summary>
public sealed class PoolRepeatabilityTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APoolWritesWhatTransformWrites(bool inAChain)
    {
        var ml = new MLContext();
        using var folder = new TempFolder();
        Row[] rows = [.. Enumerable.Range(0, 60)
            .Select(key => new Row { Key = key, Text = SmallModels.Prompts[key % SmallModels.Prompts.Length] })];
        IDataView view = ml.Data.LoadFromEnumerable(rows);
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        options.RowKeyColumnName = nameof(Row.Key);
        using RnnLanguageModelTransformer model =
            ml.Transforms.Text.RnnLanguageModel(options)
            .Fit(ml.Data.LoadFromEnumerable(SmallModels.Messages.Select(text => new Row { Text = text })));
        ITransformer saved = inAChain
            ? new TransformerChain<ITransformer>(ml.Transforms.CopyColumns("Copy", "Text").Fit(view), model)
            : model;
        string[] expected = saved.Transform(view).Texts();
        Assert.True(expected.Distinct(StringComparer.Ordinal).Count() > rows.Length / 2);
        ml.Model.Save(saved, view.Schema, folder["model.zip"]);

        var services = new ServiceCollection();
        services.AddPredictionEnginePool<Row, TextOutput>().FromFile(folder["model.zip"]);
        using ServiceProvider provider = services.BuildServiceProvider();
        var pool = provider.GetRequiredService<PredictionEnginePool<Row, TextOutput>>();
        string[] pooled = new string[rows.Length];
        Parallel.For(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i => pooled[^(i + 1)] = pool.Predict(rows[^(i + 1)]).Continuation);

        Assert.Equal(expected, pooled);
    }

    private sealed class Row
    {
        public int Key { get; set; }

        public string Text { get; set; } = "";
    }
}
