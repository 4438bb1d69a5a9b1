using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.Tests;

public sealed class RnnTextFeaturizerTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"rnnlm-{Guid.NewGuid():N}.zip");

    public static TheoryData<EngineKind> Engines => SmallModels.Engines;

    public void Dispose() => File.Delete(_path);

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void FeaturesHaveASlotForEachUnitAndANameForEachSlot(EngineKind engine)
    {
        using RnnLanguageModelTransformer model = SmallModels.Model(engine);
        using RnnTextFeaturizer featurizer = model.ToFeaturizer();
        IDataView view = featurizer.Transform(SmallModels.View(_ml, ["Hello", "My order", "Hello"]));
        Assert.Equal("Vector<Single, 24>", view.Schema["Features"].Type.ToString());
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["Features"].GetSlotNames(ref names);
        Assert.Equal(Enumerable.Range(0, 24).Select(unit => $"l0.{unit}"), names.DenseValues().Select(name => name.ToString()));

        float[][] features = [.. view.GetColumn<float[]>("Features")];
        Assert.Equal(features[0], features[2]);
        Assert.NotEqual(features[0], features[1]);
        Assert.All(features[0], feature => Assert.InRange(feature, -1, 1));
    }

    [Fact]
    public void PoolingAndLayersAreChosenAndKept()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Model.Layers, options.Model.HiddenSize, options.Model.Cell) = (2, 5, CellType.Gru);
        using RnnLanguageModelTransformer model = SmallModels.Train(_ml, options);
        IDataView data = SmallModels.View(_ml, ["Hello", ""]);
        using RnnTextFeaturizer last = model.ToFeaturizer(new() { AllLayers = true }),
            mean = model.ToFeaturizer(new() { OutputColumnName = "Mean", InputColumnName = "Text", Pooling = Pooling.Mean,
            AllLayers = true });
        IDataView before = mean.Transform(last.Transform(data));
        Assert.Equal("Vector<Single, 10>", before.Schema["Mean"].Type.ToString());
        Assert.NotEqual(before.GetColumn<float[]>("Features").First(), before.GetColumn<float[]>("Mean").First());

        _ml.Model.Save(new TransformerChain<ITransformer>(last, mean), data.Schema, _path);
        ITransformer loaded = new MLContext().Model.Load(_path, out _);
        IDataView after = loaded.Transform(data);
        Assert.Equal(before.GetColumn<float[]>("Features"), after.GetColumn<float[]>("Features"));
        Assert.Equal(before.GetColumn<float[]>("Mean"), after.GetColumn<float[]>("Mean"));

        using PredictionEngine<TextInput, Encoded> engine = _ml.Model.CreatePredictionEngine<TextInput, Encoded>(loaded);
        Assert.Equal(before.GetColumn<float[]>("Mean").First(), engine.Predict(new TextInput { Text = "Hello" }).Mean);
        OptionsException wrong =
            Assert.Throws<OptionsException>(() => model.ToFeaturizer(new() { Pooling = (Pooling)9, OutputColumnName = " " }));
        Assert.Equal(["OutputColumnName", "Pooling"], wrong.Faults.Select(fault => fault.Property));
    }

    [Fact]
    public void FeaturesFeedAClassifier()
    {
        var random = new Random(3);
        string Word(string vowels, string consonants) =>
            string.Concat(Enumerable.Range(0, 3)
            .Select(_ => $"{consonants[random.Next(consonants.Length)]}{vowels[random.Next(vowels.Length)]}"));
        Labelled[] rows = [.. Enumerable.Range(0, 300)
            .Select(i => i % 2 == 0 ? new Labelled(Word("aeo", "tmk"), "first") : new Labelled(Word("iuy", "rls"), "second"))];
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        options.Data.Mode = DataMode.Rows;
        using RnnLanguageModelTransformer model = SmallModels.Train(_ml, options, rows.Select(row => row.Text));
        using RnnTextFeaturizer featurizer = model.ToFeaturizer();

        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(_ml.Data.LoadFromEnumerable(rows), 0.3);
        ITransformer classifier = _ml.Transforms.Conversion.MapValueToKey("Label").Append(featurizer)
            .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(new() { NumberOfThreads = 1, MaximumNumberOfIterations = 30 }))
                .Fit(split.TrainSet);
        double accuracy = _ml.MulticlassClassification.Evaluate(classifier.Transform(split.TestSet)).MacroAccuracy;
        Assert.True(accuracy > 0.95, $"The accuracy is {accuracy}.");
    }

    private sealed class Encoded
    {
        [VectorType(10)]
        public float[] Mean { get; set; } = [];
    }

    private sealed class Labelled(string text, string label)
    {
        public string Text { get; set; } = text;

        public string Label { get; set; } = label;
    }
}
