using RnnLm.Managed.Training;
using RnnLm.Modeling;
using RnnLm.Training;

namespace RnnLm.Tests.Training;

/// <summary>Holds the validation figures of training to what the model says of the same text when it is in use, and to PyTorch.</summary>
public class ValidationFigureTests
{
    public static TheoryData<string> Models => PyTorchFigures.LanguageModelNames;

    public static TheoryData<DataMode, CellType, InitialState, bool> Ways
    {
        get
        {
            var ways = new TheoryData<DataMode, CellType, InitialState, bool>();
            foreach (DataMode mode in Enum.GetValues<DataMode>())
            {
                foreach (InitialState state in Enum.GetValues<InitialState>())
                    ways.Add(mode, (CellType)((int)state % 3), state, false);
                if (mode != DataMode.Stream)
                    ways.Add(mode, CellType.Lstm, InitialState.Zeros, true);
                if (mode != DataMode.Stream)
                    ways.Add(mode, CellType.Gru, InitialState.Ones, true);
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TheyAreThoseOfTheModelInUse(DataMode mode, CellType cell, InitialState state, bool conditions)
    {
        LanguageModelOptions options = TinyTraining.Options(mode);
        (options.Model.Cell, options.Model.InitialState) = (cell, state);
        options.Vocabulary.MinCount = 20;
        TextRow[] rows = [.. TinyTraining.Lines.Select((line, i) => Row(line, conditions ? $"{i % 2}" : null))],
            unseen = [.. rows[..7], Row("Łódź 😀 unheard of", conditions ? "x" : null), .. rows[7..9]];

        using RnnLanguageModel model = RnnLanguageModel.Train(rows, options, unseen);

        // A condition that the model does not know is none.
        TextEvaluation expected = model.Evaluate(unseen.Select(row => row.Condition == "x" ? Row("Łódź 😀 unheard of", null) : row)),
            actual = model.TrainingSummary!.Validation!.Value;
        Assert.InRange(expected.UnknownCharacters, 2, 10);
        PyTorchFigures.AssertClose(expected, actual);
        Assert.Equal(expected.NatsPerCharacter, model.TrainingSummary.ValidationLoss!.Value, 1e-6);
        Assert.Equal(actual.NatsPerCharacter, model.TrainingSummary.ValidationLoss!.Value, 12);

        TextRow Row(string line, string? condition) =>
            mode == DataMode.Pairs ? TextRow.Pair(line[..4], line[4..], condition) : TextRow.Row(line, condition);
    }

    /// <summary>Training losses are smoothed; what is said of the validation data is what the model in use says.</summary>
    [Fact]
    public void TheyAreNotSmoothed()
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
        options.Training.LabelSmoothing = 0.3;
        TextRow[] rows = [.. TinyTraining.Rows.Take(200)];
        using RnnLanguageModel model = RnnLanguageModel.Train(rows, options, rows);

        Assert.Equal(model.Evaluate(rows).NatsPerCharacter, model.TrainingSummary!.ValidationLoss!.Value, 1e-6);
        AssertSmoothed(model.TrainingSummary, 0.3);

        LabelledText[] texts = [.. TinyTraining.Lines.Take(200).Select(line => new LabelledText(line, line.Split(' ')[^1]))];
        using RnnTextClassifier classifier = RnnTextClassifier.Train(texts, new TextClassifierOptions
        {
            Model = { HiddenSize = 16 },
            Classifier = { ClassBalance = 0.5 },
            Training = { Epochs = 4, Seed = 1, LabelSmoothing = 0.3 },
            Device = { Engine = EngineKind.Managed, Threads = 1 },
        }, texts);

        Assert.Equal(classifier.Evaluate(texts).Loss, classifier.TrainingSummary!.ValidationLoss!.Value, 1e-6);
        AssertSmoothed(classifier.TrainingSummary, 0.1);

        static void AssertSmoothed(TrainingSummary summary, double difference) => Assert.True(
            summary.Loss > summary.ValidationLoss + difference, $"{summary.Loss} in training, {summary.ValidationLoss} in validation");
    }

    [Theory]
    [InlineData(UnknownCharacterPolicy.Token)]
    [InlineData(UnknownCharacterPolicy.Skip)]
    public void ALongRunningTextIsReadOnFromItsStartToItsEnd(UnknownCharacterPolicy policy)
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Stream);
        options.Vocabulary.UnknownCharacters = policy;
        string text = string.Concat(Enumerable.Repeat("to be — or not to be, that is the question\n", 1000));

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options, [text]);

        TextEvaluation whole = model.Score(text).Evaluation;
        Assert.Equal(text.Length - (policy == UnknownCharacterPolicy.Skip ? whole.UnknownCharacters : 0) - 1, whole.Count);
        PyTorchFigures.AssertClose(whole, model.TrainingSummary!.Validation!.Value);
    }

    [Theory]
    [InlineData(WindowOrder.Random, HiddenStateMode.Carry, 7)]
    [InlineData(WindowOrder.Sequential, HiddenStateMode.ZeroEachBatch, 0)]
    public void WindowsThatBeginAnewAreTextsOfTheirOwn(WindowOrder order, HiddenStateMode state, int stride)
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Stream);
        (options.Data.WindowOrder, options.Data.HiddenState, options.Data.WindowStride, options.Data.BatchSize) = (order, state, stride, 1);
        string text = string.Concat(TinyTraining.Lines.Take(5));
        int length = options.Data.SequenceLength;

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options, [text]);

        IEnumerable<string> windows = order == WindowOrder.Random
            ? Enumerable.Range(0, ((text.Length - 1 - length) / stride) + 1).Select(i => text.Substring(i * stride, length + 1))
            : Enumerable.Range(0, (text.Length + length - 2) / length)
            .Select(i => text[(i * length)..Math.Min(text.Length, ((i + 1) * length) + 1)]);
        PyTorchFigures.AssertClose(model.ScoreAll(windows).Aggregate(default(TextEvaluation), (sum, score) => sum + score.Evaluation),
            model.TrainingSummary!.Validation!.Value);
    }

    [Fact]
    public void AFractionKeptApartIsCountedAsItsText()
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Stream);
        options.Training.ValidationFraction = 0.3;
        string text = string.Concat(TinyTraining.Lines);

        using RnnLanguageModel model = RnnLanguageModel.Train([text], options);

        PyTorchFigures.AssertClose(model.Score(text[^(int)Math.Round(text.Length * 0.3)..]).Evaluation,
            model.TrainingSummary!.Validation!.Value);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void TheyArePyTorchs(string name)
    {
        PyTorchFigures.LanguageFigures fixture = PyTorchFigures.LanguageModels.Single(model => model.Name == name);
        using RnnLanguageModel previous = fixture.ToModel();
        LanguageModelOptions options = TinyTraining.Options(fixture.Mode);
        // A step that changes nothing.
        (options.Optimizer.Kind, options.Optimizer.LearningRate, options.Training.MaxSteps) = (OptimizerKind.Sgd, 1e-30, 1);
        ModelConfig network = previous.Config;
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize) =
            (network.Cell, network.HiddenSize, network.EmbeddingSize);
        TextRow[] rows = [.. fixture.Rows.Where(row => row.Text.Length > 0 || row.Target is not null).Select(row => row.ToRow())];

        using RnnLanguageModel model = RnnLanguageModel.Train(rows, options, rows, previous);

        PyTorchFigures.AssertClose(fixture.Total, model.TrainingSummary!.Validation!.Value);
    }

    [Fact]
    public void TheyAreKeptWithTheModelAndInTheReports()
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
        var reports = new List<TrainingProgress>();
        options.Training.Progress = new Collector<TrainingProgress>(reports);
        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;

        using RnnLanguageModel loaded = RnnLanguageModel.Load(stream);

        Assert.Equal(model.TrainingSummary!.Validation, loaded.TrainingSummary!.Validation);
        Assert.Contains(reports,
            report => report.Step == model.TrainingSummary.BestStep && report.Validation == model.TrainingSummary.Validation);
        Assert.All(reports, report => Assert.Equal(report.ValidationLoss, report.Validation?.NatsPerCharacter));
    }

    [Fact]
    public void ThoseOfTheBestWeightsOutlastACheckpoint()
    {
        using var folder = new TempFolder();
        LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
        (options.Optimizer.LearningRate, options.Training.EvaluateEvery) = (0.03, 5);
        // What is learnt is soon of no use for texts that run backwards: the best weights come early.
        TextRow[] backwards = [.. TinyTraining.Lines.Select(line => TextRow.Row(string.Concat(line.Reverse())))];
        using RnnLanguageModel whole = RnnLanguageModel.Train(TinyTraining.Rows, options, backwards);
        Assert.InRange(whole.TrainingSummary!.BestStep, 1, 39);

        (options.Training.CheckpointPath, options.Training.MaxSteps) = (folder["c"], 40);
        RnnLanguageModel.Train(TinyTraining.Rows, options, backwards).Dispose();
        (options.Training.Resume, options.Training.MaxSteps) = (true, 60);
        using RnnLanguageModel resumed = RnnLanguageModel.Train(TinyTraining.Rows, options, backwards);

        Assert.Equal((whole.TrainingSummary.BestStep, whole.TrainingSummary.Validation),
            (resumed.TrainingSummary!.BestStep, resumed.TrainingSummary.Validation));
    }

    [Fact]
    public void ManyUnknownCharactersAreAWarningBeforeTraining()
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
        var log = new List<LogMessage>();
        options.Training.Log = new Collector<LogMessage>(log);

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options, ["床前明月光", "to pay"]);

        LogMessage warning = log.Single(message => message.Severity == LogSeverity.Warning);
        Assert.Contains("5 characters (45 %) of the validation data", warning.Text, StringComparison.Ordinal);
        Assert.Contains("Loss and perplexity mostly say how well these are told from known ones", warning.Text, StringComparison.Ordinal);
        Assert.Equal((13, 5, 8), (model.TrainingSummary!.Validation!.Value.Count, model.TrainingSummary.Validation.Value.UnknownCharacters,
            model.TrainingSummary.Validation.Value.KnownCount));
    }

    [Fact]
    public void TheReportOfTheWeightsThatWereKeptIsNeverThinnedOut()
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
        (options.Training.EvaluateEvery, options.Training.MaxSteps, options.Optimizer.LearningRate) = (1, 1500, 0.3);

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);

        Assert.InRange(model.TrainingSummary!.History.Count, 100, 512);
        Assert.Contains(model.TrainingSummary.History,
            report => report.Step == model.TrainingSummary.BestStep && report.ValidationLoss == model.TrainingSummary.ValidationLoss);
    }

    private sealed class Collector<T>(List<T> reports) : IProgress<T>
    {
        public void Report(T value) => reports.Add(value);
    }
}
