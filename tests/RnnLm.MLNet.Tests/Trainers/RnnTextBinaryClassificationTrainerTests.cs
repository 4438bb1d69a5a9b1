using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.ModelFiles;

namespace RnnLm.MLNet.Tests;

public sealed class RnnTextBinaryClassificationTrainerTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"rnnlm-{Guid.NewGuid():N}.zip");

    public static TheoryData<EngineKind> Engines => SmallModels.Engines;

    public void Dispose() => File.Delete(_path);

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void ItLearnsAndItsFiguresAreThoseOfMLNETAndByHand(EngineKind engine)
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(View(Rows(400)), 0.4);
        using RnnTextBinaryClassificationTransformer model =
            _ml.BinaryClassification.Trainers.RnnTextClassification("Label", "Text", Options(engine)).Fit(split.TrainSet);
        IDataView predictions = model.Transform(split.TestSet);

        CalibratedBinaryClassificationMetrics metrics = _ml.BinaryClassification.Evaluate(predictions);

        bool[] labels = [.. predictions.GetColumn<bool>("Label")];
        float[] scores = [.. predictions.GetColumn<float>("Score")], probabilities = [.. predictions.GetColumn<float>("Probability")];
        Assert.True(metrics.Accuracy > 0.8, $"The accuracy is {metrics.Accuracy}.");
        Assert.InRange(metrics.AreaUnderRocCurve, 0.75, 0.999);
        double[] pairs = [.. from a in Enumerable.Range(0, labels.Length) where labels[a] from b in Enumerable.Range(0, labels.Length)
            where !labels[b] select scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0];
        Assert.Equal(pairs.Average(), metrics.AreaUnderRocCurve, 9);
        Assert.Equal(labels.Zip(probabilities, (label, p) => -Math.Log2(label ? p : 1 - p)).Average(), metrics.LogLoss, 1e-4);
        Assert.Equal(labels.Zip(scores, (label, score) => label == score > 0 ? 1.0 : 0).Average(), metrics.Accuracy, 9);
        Assert.Equal(probabilities.Select(p => p > 0.5f), predictions.GetColumn<bool>("PredictedLabel"));
        Assert.All(scores.Zip(probabilities), pair => Assert.Equal(1 / (1 + Math.Exp(-pair.First)), pair.Second, 1e-5));
        Assert.Equal(metrics.AreaUnderRocCurve, _ml.BinaryClassification.EvaluateNonCalibrated(predictions).AreaUnderRocCurve);

        // The core says the same of the same texts.
        ClassifierEvaluation core = model.Model.Evaluate(
            predictions.GetColumn<string>("Text").Zip(labels, (text, label) => new LabelledText(text, label.ToString())));
        Assert.Equal(core.AreaUnderRocCurve!.Value, metrics.AreaUnderRocCurve, 9);
        Assert.Equal(core.Accuracy, metrics.Accuracy, 9);
        // ML.NET's matrix has the prediction first, and true before false.
        Assert.Equal((double)core.Count("False", "True"), metrics.ConfusionMatrix.GetCountForClassPair(0, 1));
        Assert.Equal((double)core.Count("True", "False"), metrics.ConfusionMatrix.GetCountForClassPair(1, 0));
    }

    [Fact]
    public void ItsColumnsAreAnnotatedAsThoseOfMLNETsOwnTrainers()
    {
        IDataView data = View(Rows(60));
        IDataView scored = _ml.Transforms.Text.FeaturizeText("Features", "Text")
            .Append(_ml.BinaryClassification.Trainers.SdcaLogisticRegression()).Fit(data).Transform(data);
        using RnnTextBinaryClassificationTransformer model = Train(data);

        DataViewSchema own = scored.Schema, ours = model.Transform(data).Schema, second = model.Transform(scored).Schema;

        foreach (string column in new[] { "PredictedLabel", "Score", "Probability" })
        {
            Assert.Equal(own[column].Type, ours[column].Type);
            Assert.Equal(Annotations(own[column]), Annotations(ours[column]));
            // A second set of scores has the next number.
            Assert.Equal(Annotations(own[column]).Select(text => text.Replace("Id: 1", "Id: 2", StringComparison.Ordinal)),
                Annotations(second[column]));
        }
    }

    [Fact]
    public void CrossValidationNeedsNoGlue()
    {
        IDataView data = View(Rows(240, noise: 0));
        var trainer = _ml.BinaryClassification.Trainers.RnnTextClassification("Label", "Text", Options());

        foreach (var fold in _ml.BinaryClassification.CrossValidate(data, trainer, numberOfFolds: 2))
            Assert.True(fold.Metrics.AreaUnderRocCurve > 0.95, $"The area of fold {fold.Fold} is {fold.Metrics.AreaUnderRocCurve}.");
        foreach (var fold in _ml.BinaryClassification.CrossValidateNonCalibrated(data, trainer, numberOfFolds: 2))
            Assert.True(fold.Metrics.Accuracy > 0.9, $"The accuracy of fold {fold.Fold} is {fold.Metrics.Accuracy}.");
    }

    [Fact]
    public void CalibratorsTakeItsScore()
    {
        IDataView data = View(Rows(240));
        using RnnTextBinaryClassificationTransformer model = Train(data);
        IDataView scored = model.Transform(data);

        // The logistic function of the log-odds is the probability.
        IDataView platt = _ml.BinaryClassification.Calibrators.Platt(slope: -1, offset: 0).Fit(scored).Transform(scored);
        Assert.Equal(scored.GetColumn<float>("Probability"), platt.GetColumn<float>("Probability"), (a, b) => Math.Abs(a - b) < 1e-5f);

        double before = _ml.BinaryClassification.Evaluate(scored).LogLoss;
        var pipeline = _ml.BinaryClassification.Trainers.RnnTextClassification("Label", "Text", Options())
            .Append(_ml.BinaryClassification.Calibrators.Isotonic());
        double after = _ml.BinaryClassification.Evaluate(pipeline.Fit(data).Transform(data)).LogLoss;
        Assert.True(after < before, $"The loss is {after} when calibrated on its own data, and {before} else.");
        Assert.NotNull(_ml.BinaryClassification.Calibrators.Platt().Fit(scored));
        Assert.NotNull(_ml.BinaryClassification.Calibrators.Naive().Fit(scored));
    }

    [Fact]
    public void ItComesBackInANewProcess()
    {
        IDataView data = View(Rows());
        RnnTextBinaryClassificationTrainer.Options options = Options();
        options.Threshold = 0.8f;
        using RnnTextBinaryClassificationTransformer trained =
            _ml.BinaryClassification.Trainers.RnnTextClassification("Label", "Text", options).Fit(data);
        string[] texts = [.. Rows().Take(10).Select(row => row.Text), "", "ჰ"];
        foreach (string column in new[] { "Score", "Probability", "PredictedLabel" })
        {
            var chain = trained.Append(_ml.Transforms.Conversion.ConvertType("Continuation", column, DataKind.String)).Fit(data);
            string[] expected = chain.Continue(_ml, texts);
            _ml.Model.Save(chain, SmallModels.View(_ml, []).Schema, _path);

            Dictionary<string, string[]> after = TestHost.Run(_path, texts);

            Assert.Contains(nameof(RnnTextBinaryClassificationTransformer), after["members"]);
            foreach (string way in new[] { "transform", "engine" })
                Assert.Equal(expected, after[way]);
        }

        // The core reads the same file, with the labels false and true.
        using RnnTextClassifier core = RnnTextClassifier.Load(_path);
        Assert.Equal(["False", "True"], core.Labels);
        Assert.Equal(trained.Transform(SmallModels.View(_ml, texts)).GetColumn<float>("Probability"),
            core.ClassifyAll(texts).Select(answer => answer.Probabilities[1]));
    }

    [Fact]
    public void ARowHasTheSameBitsInBatchesAloneAndInAPredictionEngine()
    {
        Row[] rows = [.. Rows().Take(70), new("", true), new(new string('7', 3000), false)];
        using RnnTextBinaryClassificationTransformer model = Train(View(Rows()));
        IDataView together = model.Transform(View(rows));
        float[] scores = [.. together.GetColumn<float>("Score")], probabilities = [.. together.GetColumn<float>("Probability")];
        bool[] predicted = [.. together.GetColumn<bool>("PredictedLabel")];

        using var engine =
            _ml.Model.CreatePredictionEngine<Row, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });

        for (int i = 0; i < rows.Length; i++)
        {
            Answer answer = engine.Predict(rows[i]);
            Assert.Equal((scores[i], probabilities[i], predicted[i]), (answer.Score, answer.Probability, answer.PredictedLabel));
        }

        Assert.Equal(scores[^1], Assert.Single(model.Transform(View(rows[^1..])).GetColumn<float>("Score")));
    }

    [Fact]
    public void TheThresholdDecidesWhatIsPredictedAndIsSaved()
    {
        IDataView data = View(Rows());
        using RnnTextBinaryClassificationTransformer model = Train(data), strict = model.WithThreshold(0.9f);
        _ml.Model.Save(strict, data.Schema, _path);
        var loaded = (RnnTextBinaryClassificationTransformer)_ml.Model.Load(_path, out _);
        Assert.Equal((0.5f, 0.9f, 0.9f), (model.Threshold, strict.Threshold, loaded.Threshold));

        foreach (RnnTextBinaryClassificationTransformer transformer in new[] { model, strict, loaded })
        {
            IDataView result = transformer.Transform(data);
            Assert.Equal(result.GetColumn<float>("Probability").Select(p => p > transformer.Threshold),
                result.GetColumn<bool>("PredictedLabel"));
        }

        Assert.NotEqual(model.Transform(data).GetColumn<bool>("PredictedLabel"),
            strict.Transform(data).GetColumn<bool>("PredictedLabel"));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.WithThreshold(1.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.WithThreshold(float.NaN));

        // What the core finds for a rate of false positives holds in ML.NET.
        RocPoint found = model.Model.Evaluate(Rows().Select(row => new LabelledText(row.Text, row.Label.ToString())))
            .FindThreshold(0.05)!.Value;
        using RnnTextBinaryClassificationTransformer at = model.WithThreshold(found.Threshold);
        bool[] predicted = [.. at.Transform(data).GetColumn<bool>("PredictedLabel")];
        Assert.Equal(found.FalsePositiveRate, Share(label: false));
        Assert.Equal(found.TruePositiveRate, Share(label: true));
        Assert.InRange(found.FalsePositiveRate, 0, 0.05);

        double Share(bool label) => predicted.Where((_, i) => Rows()[i].Label == label).Average(p => p ? 1.0 : 0);
    }

    [Fact]
    public void TheCommandLineReadsTheSameFile()
    {
        IDataView data = View(Rows());
        using RnnTextBinaryClassificationTransformer model = Train(data);
        string folder = Directory.CreateTempSubdirectory("rnnlm-").FullName;
        try
        {
            _ml.Model.Save(model, data.Schema, Path.Combine(folder, "m.zip"));
            File.WriteAllLines(Path.Combine(folder, "t.tsv"), Rows().Select(row => $"{row.Label}\t{row.Text}"));
            File.WriteAllLines(Path.Combine(folder, "t.txt"), Rows().Select(row => row.Text));

            JsonElement line = JsonDocument.Parse(Tool.Rnnlm(folder, "evaluate", "m.zip", "t.tsv", "--false-positive-rate", "0.05",
                "--json")).RootElement;
            float threshold = line.GetProperty("threshold").GetSingle();
            string[] answers = Tool.Rnnlm(folder, "classify", "m.zip", "t.txt", "--threshold",
                threshold.ToString(CultureInfo.InvariantCulture)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

            Assert.Equal("True", line.GetProperty("positive").GetString());
            Assert.Equal(_ml.BinaryClassification.Evaluate(model.Transform(data)).AreaUnderRocCurve,
                line.GetProperty("area_under_curve").GetDouble(), 9);
            using RnnTextBinaryClassificationTransformer at = model.WithThreshold(threshold);
            Assert.Equal(at.Transform(data).GetColumn<bool>("PredictedLabel"), answers.Select(answer => bool.Parse(answer.Split('\t')[0])));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void TrueIsTheSecondLabelWhicheverComesFirst()
    {
        foreach (bool first in new[] { false, true })
        {
            using RnnTextBinaryClassificationTransformer model = Train(View(Rows().OrderBy(row => row.Label != first)));
            Assert.Equal(["False", "True"], model.Model.Labels);
            Assert.Equal([true, false], model.Transform(SmallModels.View(_ml, ["471155", "aloe"])).GetColumn<bool>("PredictedLabel"));
        }
    }

    [Fact]
    public void OneLabelAloneIsAnError()
    {
        var trainer = _ml.BinaryClassification.Trainers.RnnTextClassification("Label", "Text", Options());
        foreach (bool label in new[] { false, true })
            Assert.Contains("1 label", Assert.Throws<TextDataException>(() => trainer.Fit(View(Rows().Where(row => row.Label == label))))
                .Message, StringComparison.Ordinal);
        Assert.Contains("no training data", Assert.Throws<TextDataException>(() => trainer.Fit(View([]))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsThatAreNotBooleanAndMissingColumnsAreErrorsThatSayWhatToDo()
    {
        var trainer = _ml.BinaryClassification.Trainers.RnnTextClassification("Label", "Text", Options());
        foreach (IDataView data in new[]
        {
            _ml.Data.LoadFromEnumerable([new { Text = "a", Label = "yes" }]), _ml.Data.LoadFromEnumerable([new { Text = "a", Label = 1f }]),
            _ml.Data.LoadFromEnumerable([new { Text = "a", Label = new[] { true } }]),
        })
        {
            // A chain checks shapes before it fits.
            var chain = _ml.Transforms.CopyColumns("Copy", "Text").Append(trainer);
            foreach (Action use in new Action[] { () => trainer.Fit(data), () => chain.Fit(data) })
            {
                string message = Assert.Throws<ArgumentOutOfRangeException>(use).Message;
                Assert.StartsWith("Schema mismatch for label column 'Label': expected Boolean", message, StringComparison.Ordinal);
                Assert.Contains("MulticlassClassification.Trainers.RnnTextClassification", message, StringComparison.Ordinal);
                Assert.Contains("MapValue", message, StringComparison.Ordinal);
            }
        }

        Assert.StartsWith("Could not find label column 'Label'", Assert.Throws<ArgumentOutOfRangeException>(
            () => trainer.Fit(SmallModels.View(_ml, ["a"]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingLabelIsFalseAsMLNETReadsIt()
    {
        string file = Path.ChangeExtension(_path, ".tsv");
        try
        {
            File.WriteAllLines(file, ["1\t4711", "0\taloe", "\taloe", "true\t4712"]);
            IDataView data = _ml.Data.LoadFromTextFile(file,
                [new TextLoader.Column("Label", DataKind.Boolean, 0), new TextLoader.Column("Text", DataKind.String, 1)]);
            Assert.Equal([true, false, false, true], data.GetColumn<bool>("Label"));
            RnnTextBinaryClassificationTrainer.Options options = Options();
            options.Training.ValidationFraction = 0;
            using RnnTextBinaryClassificationTransformer model =
                _ml.BinaryClassification.Trainers.RnnTextClassification("Label", "Text", options).Fit(data);
            Assert.Equal([true, false, false, true], model.Transform(data).GetColumn<bool>("PredictedLabel"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void LabelsOfOtherTypesCanBeMapped()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows().Select(row => new { row.Text, Kind = row.Label ? "spam" : "ham" }));
        var pipeline = _ml.Transforms.Conversion.MapValue("Label", new Dictionary<string, bool> { ["spam"] = true, ["ham"] = false },
            "Kind")
            .Append(_ml.BinaryClassification.Trainers.RnnTextClassification("Label", "Text", Options()));
        Assert.True(_ml.BinaryClassification.Evaluate(pipeline.Fit(data).Transform(data)).AreaUnderRocCurve > 0.8);
    }

    [Fact]
    public void OddTextsAreTrainedOnAndClassified()
    {
        string?[] odd = [null, "", new string('7', 100_000), "\uD800", "4711"];
        using RnnTextBinaryClassificationTransformer model =
            Train(_ml.Data.LoadFromEnumerable(Rows().Concat(odd.Select(text => new Row(text!, true)))));
        float[] scores = [.. model.Transform(SmallModels.View(_ml, odd)).GetColumn<float>("Score")];
        Assert.Equal(5, scores.Length);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        Assert.Equal(scores[0], scores[1]);
    }

    [Fact]
    public void FaultsOfOptionsAreReportedAtOnce()
    {
        var e = Assert.Throws<OptionsException>(() =>
            _ml.BinaryClassification.Trainers.RnnTextClassification(new RnnTextBinaryClassificationTrainer.Options
            {
                Model = { HiddenSize = -1 },
                ProbabilityColumnName = "Score",
                LabelColumnName = "",
                Threshold = float.NaN,
            }));
        Assert.Contains("4 options are wrong", e.Message, StringComparison.Ordinal);
        Assert.Contains("Threshold must be from 0 to 1", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("classes")]
    [InlineData("threshold")]
    public void AFileThatContradictsItselfIsRefused(string what)
    {
        using RnnTextBinaryClassificationTransformer model = Train(View(Rows()));
        SavedModel saved = model.Model.Saved;
        ModelArchive.Save(_path, what == "classes" ? saved with { Classes = ["ham", "spam"] } : saved with
        {
            Metadata = saved.Metadata.ToDictionary(fact => fact.Key, fact => fact.Key == "threshold" ? "1,5" : fact.Value)
        });

        Exception? fault = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(_path, out _));
        while (fault is not null and not FormatException)
            fault = fault.InnerException;

        Assert.Contains(what, fault?.Message ?? "", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Annotations(DataViewSchema.Column column) =>
        column.Annotations.Schema.Select(annotation => $"{annotation.Name}: " + (annotation.Type switch
        {
            TextDataViewType => Value<ReadOnlyMemory<char>>(column, annotation.Name),
            BooleanDataViewType => Value<bool>(column, annotation.Name),
            KeyDataViewType => Value<uint>(column, annotation.Name),
            _ => annotation.Type,
        })).Order(StringComparer.Ordinal);

    private static object Value<T>(DataViewSchema.Column column, string annotation)
    {
        T value = default!;
        column.Annotations.GetValue(annotation, ref value);
        return string.Create(CultureInfo.InvariantCulture, $"{value}");
    }

    private static RnnTextBinaryClassificationTrainer.Options Options(EngineKind engine = EngineKind.Managed)
    {
        SmallModels.Require(engine);
        return new()
        {
            Model = { Cell = CellType.Gru, HiddenSize = 12, EmbeddingSize = 8 },
            Data = { BatchSize = 16 },
            Optimizer = { LearningRate = 0.02 },
            Training = { Epochs = 0, MaxSteps = 60, Seed = 3 },
            Device = { Engine = engine, Threads = 2 },
        };
    }

    /// <summary>Numbers are true and words are not, but for some.</summary>
    private static Row[] Rows(int count = 240, int noise = 10)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            bool number = random.Next(3) == 0;
            string letters = number ? "0123456789" : "aeoulmnxkz";
            string text = string.Concat(Enumerable.Range(0, random.Next(3, 9)).Select(_ => letters[random.Next(letters.Length)]));
            return new Row(text, noise > 0 && random.Next(noise) == 0 ? !number : number);
        })];
    }

    private IDataView View(IEnumerable<Row> rows) => _ml.Data.LoadFromEnumerable([.. rows]);

    private RnnTextBinaryClassificationTransformer Train(IDataView data) =>
        _ml.BinaryClassification.Trainers.RnnTextClassification("Label", "Text", Options()).Fit(data);

    private sealed class Row(string text, bool label)
    {
        public string Text { get; set; } = text;

        public bool Label { get; set; } = label;
    }

    private sealed class Answer
    {
        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }
    }
}
