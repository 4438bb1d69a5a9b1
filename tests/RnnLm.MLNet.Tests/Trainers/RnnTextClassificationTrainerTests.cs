using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.Transformers;
using RnnLm.Managed.Training;
using RnnLm.Training;

namespace RnnLm.MLNet.Tests;

public sealed class RnnTextClassificationTrainerTests : IDisposable
{
    private static readonly string[] Labels = ["soft", "hard", "numeric"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"rnnlm-{Guid.NewGuid():N}.zip");

    public static TheoryData<EngineKind> Engines => SmallModels.Engines;

    public void Dispose() => File.Delete(_path);

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void ItLearnsAndIsEvaluatedByMLNET(EngineKind engine)
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(_ml.Data.LoadFromEnumerable(Rows()), 0.3);
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text", Options(engine)))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel")).Fit(split.TrainSet);
        IDataView predictions = model.Transform(split.TestSet);
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(predictions);
        Assert.True(metrics.MacroAccuracy > 0.95, $"The accuracy is {metrics.MacroAccuracy}.");
        Assert.True(metrics.LogLoss < 0.3, $"The loss is {metrics.LogLoss}.");
        Assert.Equal(3, metrics.ConfusionMatrix.NumberOfClasses);
        Assert.All(predictions.GetColumn<string>("Answer"), label => Assert.Contains(label, Labels));
        Assert.All(predictions.GetColumn<float[]>("Score"), score => Assert.Equal(1, score.Sum(), 1e-5));
        Assert.True(metrics.TopKAccuracyForAllK is null || metrics.TopKAccuracyForAllK[^1] > 0.99);

        VBuffer<ReadOnlyMemory<char>> names = default;
        predictions.Schema["Score"].GetSlotNames(ref names);
        Assert.Equal(Labels.Order(StringComparer.Ordinal),
            names.DenseValues().Select(name => name.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ASeedGivesTheSameModelInEachContext()
    {
        double Loss(long seed)
        {
            var ml = new MLContext();
            using RnnTextClassificationTransformer model =
                ml.MulticlassClassification.Trainers.RnnTextClassification(hiddenSize: 4, epochs: 1, seed: seed)
                .Fit(ml.Data.LoadFromEnumerable(Rows()));
            return model.Model.TrainingSummary!.Loss;
        }

        Assert.Equal(Loss(3), Loss(3));
        Assert.NotEqual(Loss(3), Loss(4));
    }

    [Fact]
    public void ItsLogSpeaksOfTextsAndTheirAccuracy()
    {
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add(e.Message);

        using RnnTextClassificationTransformer model = _ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text",
            Options()).Fit(_ml.Data.LoadFromEnumerable(Rows()));

        Assert.Contains(log,
            line => line.Contains("; accuracy ", StringComparison.Ordinal) && line.Contains(" texts/s", StringComparison.Ordinal));
        Assert.DoesNotContain(log,
            line => line.Contains("perplexity", StringComparison.Ordinal) || line.Contains("characters/s", StringComparison.Ordinal));
    }

    [Fact]
    public void CrossValidationNeedsNoGlue()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text", Options()));
        foreach (var fold in _ml.MulticlassClassification.CrossValidate(_ml.Data.LoadFromEnumerable(Rows()), pipeline, numberOfFolds: 2))
            Assert.True(fold.Metrics.MicroAccuracy > 0.9, $"The accuracy of fold {fold.Fold} is {fold.Metrics.MicroAccuracy}.");
    }

    [Fact]
    public void ItComesBackInANewProcess()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows());
        using var model = _ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text", Options())
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Continuation", "PredictedLabel")).Fit(data);
        string[] texts = [.. Rows().Take(10).Select(row => row.Text), "", "ჰ"];
        string[] expected = model.Continue(_ml, texts);
        _ml.Model.Save(model, SmallModels.View(_ml, []).Schema, _path);

        Dictionary<string, string[]> after = TestHost.Run(_path, texts);
        Assert.Contains(nameof(RnnTextClassificationTransformer), after["members"]);
        foreach (string way in new[] { "transform", "engine" })
            Assert.Equal(expected, after[way]);

        using RnnTextClassifier core = RnnTextClassifier.Load(_path);
        Assert.Equal(expected, core.ClassifyAll(texts).Select(result => result.Label));
    }

    [Fact]
    public void AClassifierThatTheCoreSavedLoadsInMLNET()
    {
        LabelledText[] rows = [.. Rows().Select(row => new LabelledText(row.Text, row.Label))];
        using RnnTextClassifier core = RnnTextClassifier.Train(rows, Options());
        core.Save(_path);
        ITransformer loaded = _ml.Model.Load(_path, out DataViewSchema schema);
        Assert.Equal(["Text"], schema.Select(column => column.Name));
        IDataView predictions = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")
            .Fit(loaded.Transform(SmallModels.View(_ml, ["aloe"])))
            .Transform(loaded.Transform(SmallModels.View(_ml, Rows().Take(20).Select(row => row.Text))));
        Assert.Equal(core.ClassifyAll(Rows().Take(20).Select(row => row.Text)).Select(result => result.Label),
            predictions.Texts("PredictedLabel"));
    }

    [Fact]
    public void LabelsMayBeNumbersKeysOfNumbersOrBareKeys()
    {
        Numbered[] rows = [.. Rows().Select(row => new Numbered(row.Text, Array.IndexOf(Labels, row.Label) * 1.5f))];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(data).Transform(data);
        IDataView bare = _ml.Transforms.Conversion.MapKeyToVector("Unused", "Key")
            .Append(_ml.Transforms.Conversion.Hash("Bare", "Key", numberOfBits: 3)).Fit(keyed).Transform(keyed);
        foreach (string column in new[] { "Label", "Key" })
        {
            using var model = _ml.MulticlassClassification.Trainers.RnnTextClassification(column, "Text", Options())
                .Append(_ml.Transforms.Conversion.MapKeyToValue("Value", "PredictedLabel")).Fit(keyed);
            float[] values = [.. model.Transform(keyed).GetColumn<float>("Value")];
            Assert.True(values.Zip(rows).Count(pair => pair.First == pair.Second.Label) > 0.95 * rows.Length);
        }

        using RnnTextClassificationTransformer ofBare =
            _ml.MulticlassClassification.Trainers.RnnTextClassification("Bare", "Text", Options()).Fit(bare);
        Assert.Equal("Key<UInt32, 0-7>", ofBare.GetOutputSchema(bare.Schema)["PredictedLabel"].Type.ToString());
        Assert.True(_ml.MulticlassClassification.Evaluate(ofBare.Transform(bare), "Bare").MicroAccuracy > 0.95);
    }

    [Fact]
    public void BooleansAreLabelsAndAPredictionEngineGivesThemBack()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows().Select(row => new Told { Text = row.Text, Label = row.Label == "numeric" }));
        using var model = _ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text", Options())
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);

        using var engine = _ml.Model.CreatePredictionEngine<Told, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        Answer number = engine.Predict(new Told { Text = "4711" }), word = engine.Predict(new Told { Text = "aloe" });

        Assert.Equal((true, false), (number.PredictedLabel, word.PredictedLabel));
        Assert.All(new[] { number, word }, answer => Assert.Equal((2, 1f), (answer.Score.Length, MathF.Round(answer.Score.Sum(), 4))));
        VBuffer<ReadOnlyMemory<char>> names = default;
        engine.OutputSchema["Score"].GetSlotNames(ref names);
        Assert.Equal(number.Score.Max(), number.Score[names.DenseValues().ToList().FindIndex(name => name.Span is "True")]);
    }

    [Fact]
    public void LongTextsAreReadAsFarAsInTrainingAlsoAfterLoading()
    {
        RnnTextClassificationTrainer.Options options = Options();
        options.Data.MaxRowLength = 3;
        IDataView data = _ml.Data.LoadFromEnumerable(Rows());
        using RnnTextClassificationTransformer model = _ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text", options)
            .Fit(data);
        _ml.Model.Save(model, data.Schema, _path);

        float[][] scores = [.. _ml.Model.Load(_path, out _).Transform(SmallModels.View(_ml, ["471", "471aaaaaaaa", "47"]))
            .GetColumn<float[]>("Score")];

        Assert.Equal(scores[0], scores[1]);
        Assert.NotEqual(scores[0], scores[2]);
    }

    [Fact]
    public void RowsWithoutALabelAreLeftOutAndUnseenLabelsAreWrongAnswers()
    {
        Row[] rows = [.. Rows(), new("nothing", ""), new("nothing", "")];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        using RnnTextClassificationTransformer model =
            _ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text", Options()).Fit(data);
        Assert.Equal(3, model.Model.Labels.Count);

        var toKey = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(_ml.Data.LoadFromEnumerable(Rows()));
        using RnnTextClassificationTransformer keyed =
            _ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text", Options())
            .Fit(toKey.Transform(_ml.Data.LoadFromEnumerable(Rows())));
        IDataView test = toKey.Transform(_ml.Data.LoadFromEnumerable(Rows().Take(50).Append(new Row("4711", "unheard of"))));
        Assert.True(_ml.MulticlassClassification.Evaluate(keyed.Transform(test)).MicroAccuracy > 0.9);
    }

    [Theory]
    [InlineData("one label")]
    [InlineData("no labels")]
    [InlineData("no rows")]
    public void LabelsThatTellNothingApartAreAnError(string data)
    {
        IEnumerable<Row> rows = data switch { "one label" => Rows().Where(row => row.Label == "soft"),
            "no labels" => Rows().Select(row => new Row(row.Text, "")), _ => [] };
        var trainer = _ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text", Options());
        var e = Assert.Throws<TextDataException>(() => trainer.Fit(_ml.Data.LoadFromEnumerable(rows.ToArray())));
        Assert.Contains(data switch { "one label" => "1 label", "no labels" => "0 label", _ => "no training data" }, e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void OddTextsAreClassified()
    {
        using RnnTextClassificationTransformer model = _ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text",
            Options()).Fit(_ml.Data.LoadFromEnumerable(Rows()));
        IDataView result = model.Transform(SmallModels.View(_ml, [null, "", new string('7', 100_000), "\uD800", "4711"]));
        Assert.Equal(5, result.GetColumn<float[]>("Score").Count(score => Math.Abs(score.Sum() - 1) < 1e-5));
        float[][] alone = [.. result.GetColumn<float[]>("Score")];
        Assert.Equal(alone[4], Assert.Single(model.Transform(SmallModels.View(_ml, ["4711"])).GetColumn<float[]>("Score")));
    }

    [Fact]
    public void ItStartsFromALanguageModel()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        options.Data.Mode = DataMode.Rows;
        using RnnLanguageModelTransformer languageModel = SmallModels.Train(_ml, options, Rows().Select(row => row.Text));
        IDataView data = _ml.Data.LoadFromEnumerable(Rows());
        MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers = _ml.MulticlassClassification.Trainers;
        var own = new RnnTextClassificationTrainer.Options { Training = { MaxSteps = 2, Seed = 1 } };
        // The standards of the short form are no wish of the user's either.
        foreach (RnnTextClassificationTrainer trainer in new[] { trainers.RnnTextClassification("Label", "Text", own),
            trainers.RnnTextClassification(epochs: 1) })
        {
            using RnnTextClassificationTransformer model = trainer.Fit(data, null, languageModel);
            Assert.Equal((24, 8), (model.Model.Saved.Config.HiddenSize, model.Model.Saved.Config.EmbeddingSize));
            Assert.Equal(languageModel.Model.Vocabulary.Characters, model.Model.Characters);
        }

        OptionsException e =
            Assert.Throws<OptionsException>(() => trainers.RnnTextClassification(hiddenSize: 16).Fit(data, null, languageModel));
        Assert.StartsWith("Model.HiddenSize is 16, but the previous model has 24, which is kept", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FaultsOfOptionsAndColumnsAreReportedAtOnce()
    {
        var e = Assert.Throws<OptionsException>(() =>
            _ml.MulticlassClassification.Trainers.RnnTextClassification(new RnnTextClassificationTrainer.Options
        {
            Model = { HiddenSize = -1 },
            LabelColumnName = "",
            ScoreColumnName = "PredictedLabel",
        }));
        Assert.Contains("3 options are wrong", e.Message, StringComparison.Ordinal);
        IDataView data = _ml.Data.LoadFromEnumerable([new { Label = new[] { 1f }, Text = "a" }]);
        Assert.StartsWith("Schema mismatch for label column 'Label': expected Key, String, a number or Boolean, got V",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.RnnTextClassification()
                .Fit(data)).Message, StringComparison.Ordinal);
    }

    private static RnnTextClassificationTrainer.Options Options(EngineKind engine = EngineKind.Managed)
    {
        SmallModels.Require(engine);
        return new()
        {
            Model = { Cell = CellType.Gru, HiddenSize = 16, EmbeddingSize = 8 },
            Data = { BatchSize = 16 },
            Optimizer = { LearningRate = 0.02 },
            Training = { Epochs = 0, MaxSteps = 60, Seed = 3 },
            Device = { Engine = engine, Threads = 2 },
        };
    }

    private static Row[] Rows()
    {
        var random = new Random(11);
        string[] letters = ["aeoulmn", "xkzqtpg", "0123456789"];
        return [.. Enumerable.Range(0, 240).Select(i =>
            new Row(string.Concat(Enumerable.Range(0, random.Next(3, 9)).Select(_ => letters[i % 3][random.Next(letters[i % 3].Length)])),
            Labels[i % 3]))];
    }

    private sealed class Row(string text, string label)
    {
        public string Text { get; set; } = text;

        public string Label { get; set; } = label;
    }

    private sealed class Told
    {
        public string Text { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class Answer
    {
        public bool PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class Numbered(string text, float label)
    {
        public string Text { get; set; } = text;

        public float Label { get; set; } = label;
    }
}
