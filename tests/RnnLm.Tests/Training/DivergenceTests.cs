using RnnLm.Managed.Training;
using RnnLm.Training;

namespace RnnLm.Tests.Training;

public class DivergenceTests
{
    [Theory]
    [InlineData(CellType.Rnn, 0.1)]
    [InlineData(CellType.Lstm, 0.1)]
    [InlineData(CellType.Gru, 0)]
    public void ALossThatExplodesWithoutEverBeingNaNIsAnErrorWhereNothingSoundIsLeft(CellType cell, double validationFraction)
    {
        LanguageModelOptions options = TinyTraining.Options(cell: cell);
        (options.Optimizer.LearningRate, options.Training.ValidationFraction, options.Training.ReportEvery) = (5, validationFraction, 1);
        (options.Training.EvaluateEvery, options.Training.MaxSteps) = (10, 200);

        TrainingDivergedException fault =
            Assert.Throws<TrainingDivergedException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));

        Assert.Matches(@"^Training diverged: the loss stayed far above that of guessing, 3\.\d\d nats at step \d+\. "
            + @"Lower Optimizer\.LearningRate \(it was 5\), or clip", fault.Message);
    }

    /// <summary>A training too short for the moving mean gets no further: it never had weights worth keeping.</summary>
    [Fact]
    public void AShortTrainingThatExplodesKeepsNothing()
    {
        LanguageModelOptions options = TinyTraining.Options();
        (options.Optimizer.LearningRate, options.Training.MaxSteps) = (5, 6);

        Assert.Throws<TrainingDivergedException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));
    }

    /// <summary>A learning rate that rises until training explodes: what is kept are the weights of the best evaluation, or without any
    /// those from before.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0)]
    public void TheWeightsFromBeforeTheExplosionAreKept(double validationFraction)
    {
        var log = new List<LogMessage>();
        LanguageModelOptions options = TinyTraining.Options();
        (options.Optimizer.LearningRate, options.Optimizer.WarmupSteps) = (40, 1000);
        (options.Training.ValidationFraction, options.Training.ReportEvery) = (validationFraction, 1);
        (options.Training.EvaluateEvery, options.Training.MaxSteps, options.Training.Log) = (5, 1000, new Collector(log));

        using RnnLanguageModel kept = RnnLanguageModel.Train(TinyTraining.Rows, options);

        TrainingSummary summary = kept.TrainingSummary!;
        double guessing = Math.Log(kept.Vocabulary.Size);
        Assert.Equal(StopReason.Diverged, summary.StopReason);
        Assert.True(summary.Steps < 1000 && summary.History[^1].Loss > 2 * guessing);
        Assert.All(summary.History, report => Assert.True(double.IsFinite(report.Loss)));
        LogMessage warning = Assert.Single(log, message => message.Severity == LogSeverity.Warning);
        Assert.EndsWith($"The weights of step {summary.BestStep} are kept.", warning.Text, StringComparison.Ordinal);
        // Without validation the weights are those of a report before the explosion, whose loss depends on the processor's arithmetic.
        double most = validationFraction > 0 ? 2 * guessing : summary.History[^1].Loss;
        Assert.True(kept.ScoreAll(TinyTraining.Lines).Average(score => score.NatsPerCharacter) < most);

        // The very weights that a training has which ends there.
        (options.Training.MaxSteps, options.Training.Log) = (summary.BestStep, null);
        using RnnLanguageModel there = RnnLanguageModel.Train(TinyTraining.Rows, options);
        Assert.All(there.Saved.Weights, tensor => Assert.Equal(tensor.Values, kept.Saved.Weights[tensor.Name].Values));
    }

    [Fact]
    public void AClassifierThatExplodesDiverges()
    {
        TextClassifierOptions options = Classifier();
        (options.Optimizer.LearningRate, options.Training.MaxSteps) = (5, 300);

        Assert.Throws<TrainingDivergedException>(() => RnnTextClassifier.Train(Texts(60), options));
    }

    /// <summary>A classifier that has learned its texts by heart is sure of itself where it is wrong: its validation loss rises and
    /// rises.</summary>
    [Fact]
    public void AClassifierThatLearnsByHeartDoesNotDiverge()
    {
        TextClassifierOptions options = Classifier();
        (options.Optimizer.LearningRate, options.Training.MaxSteps, options.Training.BestBy) = (0.01, 600, ValidationMetric.Accuracy);

        using RnnTextClassifier classifier = RnnTextClassifier.Train(Texts(60), options);

        Assert.Equal(StopReason.Completed, classifier.TrainingSummary!.StopReason);
        Assert.True(classifier.TrainingSummary.History[^1].ValidationLoss > 2 * Math.Log(2),
            $"{classifier.TrainingSummary.History[^1].ValidationLoss}");
    }

    /// <summary>Large first weights lose more than guessing does by far, and training gets over them.</summary>
    [Theory]
    [InlineData(CellType.Lstm, 2)]
    [InlineData(CellType.Rnn, 1)]
    public void LargeFirstWeightsDoNotDiverge(CellType cell, double deviation)
    {
        LanguageModelOptions options = TinyTraining.Options(cell: cell);
        (options.Model.Initialization, options.Model.InitializationStandardDeviation) = (WeightInitialization.Normal, deviation);
        (options.Training.MaxSteps, options.Training.ReportEvery) = (300, 1);

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);

        Assert.Equal(StopReason.Completed, model.TrainingSummary!.StopReason);
        Assert.True(model.TrainingSummary.History[0].Loss > 2 * Math.Log(model.Vocabulary.Size),
            $"{model.TrainingSummary.History[0].Loss}");
    }

    /// <summary>A rate that is too high at first makes the loss rise above twice that of guessing for a while, and it comes down
    /// again.</summary>
    [Fact]
    public void AStartThatTrainingGetsOverDoesNotDiverge()
    {
        LanguageModelOptions options = TinyTraining.Options();
        (options.Optimizer.LearningRate, options.Training.MaxSteps, options.Training.ReportEvery) = (0.7, 300, 1);

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);

        double guessing = Math.Log(model.Vocabulary.Size);
        Assert.Equal(StopReason.Completed, model.TrainingSummary!.StopReason);
        Assert.Contains(model.TrainingSummary.History, report => report.Loss > 2 * guessing);
        Assert.True(model.TrainingSummary.ValidationLoss < guessing);
    }

    [Fact]
    public void AModelWorseThanGuessingIsWarnedOf()
    {
        var log = new List<LogMessage>();
        LanguageModelOptions options = TinyTraining.Options(cell: CellType.Rnn);
        (options.Model.Initialization, options.Model.InitializationStandardDeviation) = (WeightInitialization.Normal, 1);
        (options.Training.MaxSteps, options.Training.Log) = (5, new Collector(log));

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);

        Assert.Matches(@"^The model is worse than guessing: its loss is \d+\.\d\d, that of guessing 3\.\d\d nats\. Train it longer\.",
            Assert.Single(log, message => message.Severity == LogSeverity.Warning).Text);
    }

    /// <summary>A resumed training is judged by the losses from before, too.</summary>
    [Fact]
    public void AResumedTrainingDivergesWhereTheWholeOneDoes()
    {
        using var folder = new TempFolder();
        LanguageModelOptions Options(long steps)
        {
            LanguageModelOptions options = TinyTraining.Options();
            (options.Optimizer.LearningRate, options.Optimizer.WarmupSteps, options.Training.ReportEvery, options.Training.EvaluateEvery) =
                (40, 1000, 1, 5);
            (options.Training.CheckpointPath, options.Training.CheckpointEvery, options.Training.Resume, options.Training.MaxSteps) =
                (folder[$"{steps}"], 10, steps > 0, Math.Abs(steps));
            return options;
        }

        using RnnLanguageModel whole = RnnLanguageModel.Train(TinyTraining.Rows, Options(-1000));
        LanguageModelOptions half = Options(20);
        RnnLanguageModel.Train(TinyTraining.Rows, half).Dispose();
        half.Training.MaxSteps = 1000;
        using RnnLanguageModel resumed = RnnLanguageModel.Train(TinyTraining.Rows, half);

        Assert.Equal((whole.TrainingSummary!.StopReason, whole.TrainingSummary.Steps, whole.TrainingSummary.BestStep),
            (resumed.TrainingSummary!.StopReason, resumed.TrainingSummary.Steps, resumed.TrainingSummary.BestStep));
        Assert.Equal(StopReason.Diverged, resumed.TrainingSummary.StopReason);
    }

    private static TextClassifierOptions Classifier() => new()
    {
        Model = { Cell = CellType.Gru, HiddenSize = 24, EmbeddingSize = 8 },
        Data = { BatchSize = 8 },
        Training = { Epochs = 0, EvaluateEvery = 20, ReportEvery = 1, Seed = 4, ValidationFraction = 0.3 },
        Device = { Engine = EngineKind.Managed, Threads = 1 },
    };

    /// <summary>Texts whose labels are drawn, so that there is nothing to learn but each of them by heart.</summary>
    private static IEnumerable<LabelledText> Texts(int count)
    {
        var random = new Random(7);
        for (int i = 0; i < count; i++)
            yield return new LabelledText(string.Concat(Enumerable.Range(0, 12).Select(_ => (char)('a' + random.Next(8)))),
                random.Next(2) == 0 ? "yes" : "no");
    }

    private sealed class Collector(List<LogMessage> log) : IProgress<LogMessage>
    {
        public void Report(LogMessage value) => log.Add(value);
    }
}
