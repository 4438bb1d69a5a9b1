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
        (options.Classifier.Pooling, options.Classifier.Bidirectional, options.Classifier.BalancedSampling) = (pooling, bidirectional, balanced);
        using RnnTextClassifier model = RnnTextClassifier.Train(Rows(200), options);
        string path = Path.Combine(_folder, "classifier.zip");
        model.Save(path);
        using RnnTextClassifier loaded = RnnTextClassifier.Load(path);

        string[] texts = ["77-12", "abba", "3-1-4", "zebra"];
        Assert.Equal(["number", "word", "number", "word"], loaded.ClassifyAll(texts).Select(answer => answer.Label));
        Assert.Equal(model.Classify("abba").Probabilities, loaded.Classify("abba").Probabilities);
        Assert.Equal(1, loaded.Classify("abba").Probabilities.Sum(), 5);
        Assert.True(model.Training!.History[^1].ValidationAccuracy > 0.9);
    }

    [Fact]
    public void ATextsProbabilitiesDoNotDependOnItsNeighbours()
    {
        using RnnTextClassifier model = RnnTextClassifier.Train(Rows(100), Options());
        string[] texts = ["a", "12345-6", "", "word", new string('z', 3000), "9"];

        float[][] together = [.. model.ClassifyAll(texts).Select(answer => answer.Probabilities.ToArray())];

        Assert.Equal(texts.Select(text => model.Classify(text).Probabilities.ToArray()), together);
    }

    [Fact]
    public void StartsFromALanguageModelsWeights()
    {
        LanguageModelOptions options = Training.TinyTraining.Options(DataMode.Rows);
        using RnnLanguageModel language = RnnLanguageModel.Train(Rows(200).Select(row => new TextRow(row.Text)), options);
        TextClassifierOptions classifier = Options();
        classifier.Training.MaximumSteps = 1;
        classifier.Optimizer.LearningRate = 1e-9;

        using RnnTextClassifier model = RnnTextClassifier.Train(Rows(200), classifier, languageModel: language);

        Assert.Equal(language.Vocabulary.Size, model.Vocabulary.Size);
        float[] expected = language.Saved.Weights["rnn.weight_hh_l0"].Values, actual = model.Saved.Weights["rnn.weight_hh_l0"].Values;
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void OneLabelAndLabelsThatAreMissingAreSaid()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => RnnTextClassifier.Train(Rows(20).Select(row => row with { Condition = "same" }), Options()));
        Assert.Contains("1 label", fault.Message, StringComparison.Ordinal);

        var log = new List<LogMessage>();
        TextClassifierOptions options = Options();
        options.Training.Log = new Collector(log);
        using RnnTextClassifier model = RnnTextClassifier.Train(Rows(50).Append(new TextRow("?".AsMemory(), Condition: null)), options);
        Assert.Equal(2, model.Labels.Count);
        Assert.Contains(log, m => m.Text.StartsWith("1 rows", StringComparison.Ordinal) && m.Text.Contains("no label", StringComparison.Ordinal));
    }

    [Fact]
    public void AClassOfOneRowStaysInTraining()
    {
        IEnumerable<TextRow> rows = Rows(40).Append(new TextRow("!!!".AsMemory(), Condition: "rare"));
        TextClassifierOptions options = Options();
        options.Training.ValidationFraction = 0.5;
        options.Training.MaximumSteps = 200;
        options.Classifier.ClassWeighting = ClassWeighting.Balanced;

        using RnnTextClassifier model = RnnTextClassifier.Train(rows, options);

        Assert.Equal("rare", model.Classify("!!!").Label);
    }

    [Fact]
    public void OptionsOfLanguageModelsAreRefused()
    {
        TextClassifierOptions options = Options();
        (options.Data.Mode, options.Training.TeacherForcingRatio) = (DataMode.Stream, 0.5);

        ArgumentOutOfRangeException fault = Assert.Throws<ArgumentOutOfRangeException>(() => RnnTextClassifier.Train(Rows(10), options));

        Assert.Contains("Data.Mode", fault.Message, StringComparison.Ordinal);
        Assert.Contains("TeacherForcingRatio", fault.Message, StringComparison.Ordinal);
    }

    private static TextClassifierOptions Options() => new()
    {
        Model = { Cell = CellType.Gru, HiddenSize = 32, EmbeddingSize = 12 },
        Data = { BatchSize = 16 },
        Optimizer = { LearningRate = 0.01 },
        Training = { Epochs = 0, MaximumSteps = 60, Seed = 5, EvaluateEvery = 20 },
        Device = { Engine = EngineKind.Managed, Threads = 1 },
    };

    private static IEnumerable<TextRow> Rows(int count) => Enumerable.Range(0, count).Select(i => i % 2 == 0
        ? new TextRow($"{i * 37 % 100}-{i}".AsMemory(), Condition: "number")
        : new TextRow(string.Concat(Enumerable.Range(0, 3 + (i % 5)).Select(j => (char)('a' + ((i * 7) + (j * 11)) % 26))).AsMemory(), Condition: "word"));

    private sealed class Collector(List<LogMessage> log) : IProgress<LogMessage>
    {
        public void Report(LogMessage value) => log.Add(value);
    }
}
