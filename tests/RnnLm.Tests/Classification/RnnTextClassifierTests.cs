using RnnLm.Managed.Training;
using RnnLm.Modeling;
using RnnLm.Training;

namespace RnnLm.Tests.Classification;

public sealed class RnnTextClassifierTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rnnlm-classifier").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Pooling.Last, true, false)]
    [InlineData(Pooling.Mean, false, false)]
    [InlineData(Pooling.Max, true, true)]
    public void LearnsToTellLabelsApartAndComesBackFromItsFile(Pooling pooling, bool bidirectional, bool balanced)
    {
        TextClassifierOptions options = Options();
        (options.Classifier.Pooling, options.Classifier.Bidirectional, options.Classifier.BalancedSampling) =
            (pooling, bidirectional, balanced);
        using RnnTextClassifier model = RnnTextClassifier.Train(Rows(200), options);
        string path = Path.Combine(_folder, "classifier.zip");
        model.Save(path);
        using RnnTextClassifier loaded = RnnTextClassifier.Load(path);

        string[] texts = ["77-12", "abba", "3-1-4", "zebra"];
        Assert.Equal(["number", "word", "number", "word"], loaded.ClassifyAll(texts).Select(answer => answer.Label));
        Assert.Equal(model.Classify("abba").Probabilities, loaded.Classify("abba").Probabilities);
        Assert.Equal(1, loaded.Classify("abba").Probabilities.Sum(), 5);
        Assert.True(model.TrainingSummary!.History[^1].ValidationAccuracy > 0.9);
    }

    [Fact]
    public void ATextsProbabilitiesDoNotDependOnItsNeighbours()
    {
        using RnnTextClassifier model = RnnTextClassifier.Train(Rows(100), Options());
        string[] texts = ["a", "12345-6", "", "word", new string('z', 3000), "9"];

        float[][] together = [.. model.ClassifyAll(texts).Select(answer => answer.Probabilities.ToArray())];

        Assert.Equal(texts.Select(text => model.Classify(text).Probabilities.ToArray()), together);
        Assert.Throws<ArgumentNullException>("text", () => model.Classify(null!));
        Assert.Throws<ArgumentNullException>("texts", () => model.ClassifyAll(["a", null!]).Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StartsFromALanguageModelsWeights(bool bidirectional)
    {
        LanguageModelOptions options = Training.TinyTraining.Options(DataMode.Rows);
        options.Model.Layers = 2;
        using RnnLanguageModel language = RnnLanguageModel.Train(Rows(200).Select(row => TextRow.Row(row.Text)), options);
        TextClassifierOptions classifier = Options();
        (classifier.Classifier.Bidirectional, classifier.Training.MaxSteps, classifier.Optimizer.LearningRate) = (bidirectional, 1, 1e-9);

        using RnnTextClassifier model = RnnTextClassifier.Train(Rows(200), classifier, languageModel: language);

        Assert.Equal(language.Vocabulary.Size, model.Saved.Vocabulary.Size);
        foreach (string name in new[] { "embedding.weight", "rnn.weight_hh_l0", "rnn.weight_ih_l1", "rnn.bias_hh_l1" })
        {
            WeightTensor expected = language.Saved.Weights[name], actual = model.Saved.Weights[name];
            int from = expected.Shape[^1], to = actual.Shape[^1];
            for (int i = 0; i < actual.Values.Length; i++)
                Assert.Equal(i % to < from ? expected.Values[(i / to * from) + (i % to)] : 0, actual.Values[i], 1e-6f);
        }
    }

    [Fact]
    public void OneLabelAndLabelsThatAreMissingAreSaid()
    {
        TextDataException fault =
            Assert.Throws<TextDataException>(() => RnnTextClassifier.Train(Rows(20).Select(row => row with { Label = "same" }), Options()));
        Assert.Contains("1 label", fault.Message, StringComparison.Ordinal);

        var log = new List<LogMessage>();
        TextClassifierOptions options = Options();
        options.Training.Log = new Collector(log);
        using RnnTextClassifier model = RnnTextClassifier.Train(Rows(50).Append(new LabelledText("?", null)), options);
        Assert.Equal(2, model.Labels.Count);
        Assert.Contains(log, m => m.Text.StartsWith("Not counted: 1 row of the training data without a label", StringComparison.Ordinal));
    }

    [Fact]
    public void RowsWithoutALabelMayComeFirst()
    {
        var unlabelled = new LabelledText("?", null);

        using RnnTextClassifier model = RnnTextClassifier.Train([unlabelled, unlabelled, .. Rows(50)], Options());

        Assert.Equal(["number", "word"], model.Labels);
        Assert.Equal("word", model.Classify("zebra").Label);
    }

    [Fact]
    public void LabelsThatTrainingDidNotHaveAreNotValidatedOnAndAreSaid()
    {
        var log = new List<LogMessage>();
        TextClassifierOptions options = Options();
        options.Training.Log = new Collector(log);
        LabelledText[] unheard = [.. Enumerable.Range(0, 30).Select(i => new LabelledText($"{i}", "unheard of"))];

        using RnnTextClassifier model = RnnTextClassifier.Train(Rows(100), options, [.. Rows(20), .. unheard]);

        Assert.Equal(["number", "word"], model.Labels);
        Assert.True(model.TrainingSummary!.History[^1].ValidationAccuracy > 0.9);
        Assert.Contains(log,
            m => m.Text.StartsWith("Not counted: 30 rows of the validation data without a label", StringComparison.Ordinal));
    }

    [Fact]
    public void TextsAreReadAsFarAsInTraining()
    {
        TextClassifierOptions options = Options();
        options.Data.MaxRowLength = 4;
        using RnnTextClassifier trained = RnnTextClassifier.Train(Rows(50), options);
        trained.Save(Path.Combine(_folder, "short.zip"));
        using RnnTextClassifier model = RnnTextClassifier.Load(Path.Combine(_folder, "short.zip"));

        Assert.Equal(model.Classify("12😀4").Probabilities, model.Classify("12😀4abcdef").Probabilities);
        Assert.NotEqual(model.Classify("12😀").Probabilities, model.Classify("12😀4").Probabilities);
    }

    [Fact]
    public void ATextOfAHundredThousandCharactersIsReadToItsBound()
    {
        string text = string.Concat(Enumerable.Range(0, 100_000).Select(i => (char)('a' + (i % 26))));
        using RnnTextClassifier model = RnnTextClassifier.Train([.. Rows(50), new LabelledText(text, "word")], Options());

        Assert.Equal(model.Classify(text[..1000]).Probabilities, model.Classify(text).Probabilities);
        Assert.Equal("word", model.Classify(text).Label);
    }

    [Fact]
    public void ATextOfNoCharactersIsClassifiedAsAnyOther()
    {
        TextClassifierOptions options = Options();
        options.Training.MaxSteps = 150;
        IEnumerable<LabelledText> rows = Rows(60).Concat(Enumerable.Repeat(new LabelledText("", "nothing"), 20));

        using RnnTextClassifier model = RnnTextClassifier.Train(rows, options);

        Assert.Equal(["nothing", "word"], model.ClassifyAll(["", "zebra"]).Select(answer => answer.Label));
    }

    [Fact]
    public void LengthAloneIsEnoughToLearnFrom()
    {
        IEnumerable<LabelledText> rows = Enumerable.Range(0, 60)
            .Select(i => new LabelledText(new string('x', i % 2 == 0 ? 1 : 4), i % 2 == 0 ? "short" : "long"));

        using RnnTextClassifier model = RnnTextClassifier.Train(rows, Options());

        Assert.Equal(["short", "long"], model.ClassifyAll(["x", "xxxx"]).Select(answer => answer.Label));
    }

    [Theory]
    [InlineData(0, false, 0.1)]
    [InlineData(1, false, 0.5)]
    [InlineData(0.5, false, 0.25)] // √0.1 : √0.9 = 1 : 3
    [InlineData(0, true, 0.5)]
    public void RareLabelsCountAsMuchAsCommonOnesWhereThatIsAskedFor(double balance, bool sampling, double expected)
    {
        // A text that may be either: what is left to learn is how often each label comes.
        IEnumerable<LabelledText> rows = Enumerable.Range(0, 400).Select(i => new LabelledText("ab", i % 10 == 0 ? "rare" : "common"));
        TextClassifierOptions options = Options();
        (options.Classifier.ClassBalance, options.Classifier.BalancedSampling) = (balance, sampling);
        (options.Data.BatchSize, options.Training.ValidationFraction, options.Optimizer.LearningRate) = (100, 0, 0.003);

        using RnnTextClassifier model = RnnTextClassifier.Train(rows, options);

        Assert.Equal(expected, model.Classify("ab").Probabilities[0], 0.07);
    }

    [Fact]
    public void StoppedAndResumedGivesTheSameBitsAsUninterrupted()
    {
        TextClassifierOptions WithCheckpoint(long steps)
        {
            TextClassifierOptions options = Options();
            (options.Model.Layers, options.Model.Dropout, options.Model.OutputDropout, options.Classifier.BalancedSampling) =
                (2, 0.2, 0.2, true);
            (options.Training.MaxSteps, options.Training.CheckpointEvery, options.Training.EvaluateEvery) = (steps, 5, 7);
            (options.Training.CheckpointPath, options.Training.Resume) = (Path.Combine(_folder, "checkpoint"), true);
            (options.Training.BestBy, options.Training.AveragingDecay) = (ValidationMetric.Accuracy, 0.9);
            return options;
        }

        using RnnTextClassifier whole = RnnTextClassifier.Train(Rows(80), WithCheckpoint(31));
        File.Delete(Path.Combine(_folder, "checkpoint"));
        RnnTextClassifier.Train(Rows(80), WithCheckpoint(13)).Dispose();
        using RnnTextClassifier resumed = RnnTextClassifier.Train(Rows(80), WithCheckpoint(31));

        Assert.All(whole.Saved.Weights, tensor => Assert.Equal(tensor.Values, resumed.Saved.Weights[tensor.Name].Values));
        Assert.Equal(whole.TrainingSummary!.ValidationLoss, resumed.TrainingSummary!.ValidationLoss);
        TextClassifierOptions other = WithCheckpoint(40);
        other.Classifier.Pooling = Pooling.Mean;
        CheckpointException fault = Assert.Throws<CheckpointException>(() => RnnTextClassifier.Train(Rows(80), other));
        Assert.Contains("Classifier.Pooling was Last, is Mean", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CancellationBehavior.KeepBest)]
    [InlineData(CancellationBehavior.Throw)]
    public void CancelledTrainingKeepsTheBestOrThrows(CancellationBehavior behavior)
    {
        using var stop = new CancellationTokenSource();
        TextClassifierOptions options = Options();
        (options.Training.MaxSteps, options.Training.OnCancel, options.Training.CancellationToken) = (100_000, behavior, stop.Token);
        options.Training.Progress = new Watcher(progress =>
        {
            if (progress.ValidationAccuracy > 0.9)
                stop.Cancel();
        });

        if (behavior == CancellationBehavior.Throw)
        {
            Assert.Throws<OperationCanceledException>(() => RnnTextClassifier.Train(Rows(100), options));
            return;
        }

        using RnnTextClassifier model = RnnTextClassifier.Train(Rows(100), options);
        Assert.Equal(StopReason.Cancelled, model.TrainingSummary!.StopReason);
        Assert.Equal("word", model.Classify("zebra").Label);
    }

    [Fact]
    public void TrainingStopsWhenLabelsAreToldNoBetter()
    {
        TextClassifierOptions options = Options();
        (options.Training.MaxSteps, options.Training.EvaluateEvery, options.Training.Patience) = (100_000, 5, 3);
        // Labels that no text tells: the validation loss gets worse by heart.
        IEnumerable<LabelledText> rows = Enumerable.Range(0, 60)
            .Select(i => new LabelledText($"{i * 7919 % 101}", i * i % 7 % 2 == 0 ? "a" : "b"));

        using RnnTextClassifier model = RnnTextClassifier.Train(rows, options);

        Assert.Equal(StopReason.EarlyStopping, model.TrainingSummary!.StopReason);
        Assert.Equal(model.TrainingSummary.BestStep + (3 * 5), model.TrainingSummary.Steps);
    }

    [Fact]
    public void TheWeightsThatAreKeptAreTheBestByTheMetricChosen()
    {
        TrainingSummary Train(ValidationMetric metric)
        {
            TextClassifierOptions options = Options();
            (options.Training.BestBy, options.Training.EvaluateEvery, options.Training.MaxSteps, options.Training.ValidationFraction) =
                (metric, 4, 120, 0.4);
            // Rules with exceptions: sure of them, the loss rises while more and more rules are found.
            IEnumerable<LabelledText> rows = Enumerable.Range(0, 200).Select(i =>
                new LabelledText($"{i * 7919 % 997}", i % 11 == 0 ? "c" : (i * 7919 % 997 % 10 > 4) ^ (i % 9 == 0) ? "a" : "b"));
            using RnnTextClassifier model = RnnTextClassifier.Train(rows, options);
            return model.TrainingSummary!;
        }

        TrainingSummary byLoss = Train(ValidationMetric.Loss), byAccuracy = Train(ValidationMetric.Accuracy),
            byMacroF1 = Train(ValidationMetric.MacroF1);

        TrainingProgress[] evaluations = [.. byLoss.History.Where(report => report.ValidationLoss is not null)];
        Assert.Equal(evaluations.Select(e => e.ValidationLoss),
            byAccuracy.History.Where(report => report.ValidationLoss is not null).Select(e => e.ValidationLoss));
        Assert.Equal(evaluations.MinBy(e => e.ValidationLoss)!.Step, byLoss.BestStep);
        Assert.Equal(evaluations.OrderByDescending(e => e.ValidationAccuracy).ThenBy(e => e.ValidationLoss).First().Step,
            byAccuracy.BestStep);
        Assert.Equal(evaluations.OrderByDescending(e => e.ValidationMacroF1).ThenBy(e => e.ValidationLoss).First().Step,
            byMacroF1.BestStep);
        Assert.Equal(3, new HashSet<long>([byLoss.BestStep, byAccuracy.BestStep, byMacroF1.BestStep]).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ManyTextsAtOnceHaveTheBitsOfEachAlone(int threads)
    {
        TextClassifierOptions options = Options();
        (options.Model.HiddenSize, options.Model.Layers, options.Training.MaxSteps, options.Device.Threads) = (37, 2, 10, threads);
        using RnnTextClassifier model = RnnTextClassifier.Train(Rows(100), options);
        string[] texts = [.. Rows(150).Select((row, i) => string.Concat(Enumerable.Repeat(row.Text.ToString(), 1 + (i % 4))))];

        float[][] together = [.. model.ClassifyAll(texts).Select(answer => answer.Probabilities.ToArray())];

        Assert.Equal(texts.Select(text => model.Classify(text).Probabilities.ToArray()), together);
    }

    [Fact]
    public void AClassOfOneRowStaysInTraining()
    {
        IEnumerable<LabelledText> rows = Rows(40).Append(new LabelledText("!!!", "rare"));
        TextClassifierOptions options = Options();
        options.Training.ValidationFraction = 0.5;
        options.Training.MaxSteps = 200;
        options.Classifier.ClassBalance = 1;

        using RnnTextClassifier model = RnnTextClassifier.Train(rows, options);

        Assert.Equal("rare", model.Classify("!!!").Label);
    }

    [Theory]
    [InlineData("Data", "Mode")]
    [InlineData("Data", "SequenceLength")]
    [InlineData("Data", "WindowOrder")]
    [InlineData("Data", "WindowStride")]
    [InlineData("Data", "HiddenState")]
    [InlineData("Data", "RowSeparator")]
    [InlineData("Data", "KeepTextFilter")]
    [InlineData("Model", "TieWeights")]
    [InlineData("Training", "LossReduction")]
    [InlineData("Training", "TeacherForcingRatio")]
    public void WhatOnlyLanguageModelsHaveIsNoOption(string group, string option)
    {
        Assert.NotNull(typeof(LanguageModelOptions).GetProperty(group)!.PropertyType.GetProperty(option));
        Assert.Null(typeof(TextClassifierOptions).GetProperty(group)!.PropertyType.GetProperty(option));
    }

    /// <summary>Two trainings may share a group: of a language model's, what a classifier has counts, and nothing else.</summary>
    [Fact]
    public void GroupsOfALanguageModelCountAsFarAsAClassifierHasThem()
    {
        using var folder = new TempFolder();
        TextClassifierOptions own = Options();
        (own.Training.CheckpointPath, own.Training.Resume) = (folder["checkpoint"], true);
        var other = new LanguageModelOptions
        {
            Model = { Cell = CellType.Gru, HiddenSize = 32, EmbeddingSize = 32, TieWeights = true },
            Data = { BatchSize = 16, Mode = DataMode.Pairs, SequenceLength = 3, WindowOrder = WindowOrder.Random, KeepTextFilter = true },
            Training =
            {
                Epochs = 0, MaxSteps = 60, Seed = 5, EvaluateEvery = 20, LossReduction = LossReduction.Sum, TeacherForcingRatio = 0.2,
            },
        };
        (own.Model.EmbeddingSize, other.Training.CheckpointPath, other.Training.Resume) = (32, folder["checkpoint"], true);
        var shared = new TextClassifierOptions
        {
            Model = other.Model, Data = other.Data, Training = other.Training, Optimizer = own.Optimizer, Device = own.Device,
        };

        using RnnTextClassifier expected = RnnTextClassifier.Train(Rows(40), own);
        using RnnTextClassifier resumed = RnnTextClassifier.Train(Rows(40), shared);
        File.Delete(folder["checkpoint"]);
        using RnnTextClassifier trained = RnnTextClassifier.Train(Rows(40), shared);

        Assert.Equal(60, resumed.TrainingSummary!.Steps);
        Assert.All(expected.Saved.Weights, tensor => Assert.Equal(tensor.Values, trained.Saved.Weights[tensor.Name].Values));
        Assert.Null(trained.Saved.TrainingText);
    }

    private static TextClassifierOptions Options() => new()
    {
        Model = { Cell = CellType.Gru, HiddenSize = 32, EmbeddingSize = 12 },
        Data = { BatchSize = 16 },
        Optimizer = { LearningRate = 0.01 },
        Training = { Epochs = 0, MaxSteps = 60, Seed = 5, EvaluateEvery = 20 },
        Device = { Engine = EngineKind.Managed, Threads = 1 },
    };

    private static IEnumerable<LabelledText> Rows(int count) => Enumerable.Range(0, count).Select(i => i % 2 == 0
        ? new LabelledText($"{i * 37 % 100}-{i}", "number")
        : new LabelledText(string.Concat(Enumerable.Range(0, 3 + (i % 5)).Select(j => (char)('a' + ((i * 7) + (j * 11)) % 26))), "word"));

    private sealed class Watcher(Action<TrainingProgress> watch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => watch(value);
    }

    private sealed class Collector(List<LogMessage> log) : IProgress<LogMessage>
    {
        public void Report(LogMessage value) => log.Add(value);
    }
}
