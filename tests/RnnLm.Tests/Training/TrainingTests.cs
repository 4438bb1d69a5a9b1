using RnnLm.Managed.Training;
using RnnLm.Training;

namespace RnnLm.Tests.Training;

public class TrainingTests
{
    public static TheoryData<DataMode, CellType> ModesAndCells => new()
    {
        { DataMode.Stream, CellType.Rnn }, { DataMode.Stream, CellType.Lstm }, { DataMode.Rows, CellType.Gru },
        { DataMode.Rows, CellType.Lstm },
    };

    [Theory]
    [MemberData(nameof(ModesAndCells))]
    public void TrainingLowersTheValidationLoss(DataMode mode, CellType cell)
    {
        LanguageModelOptions options = TinyTraining.Options(mode, cell);
        options.Training.EvaluateEvery = 20;
        List<double> losses = Watch(options, report => report.ValidationLoss);

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);

        Assert.Equal(3, losses.Count);
        Assert.True(losses[2] < losses[0] && losses[2] < 0.6 * Math.Log(model.Vocabulary.Size), string.Join(", ", losses));
        Assert.Equal(losses.Min(), model.TrainingSummary!.ValidationLoss!.Value, 12);
    }

    [Theory]
    [InlineData(DataMode.Stream)]
    [InlineData(DataMode.Rows)]
    public void AFewShortRowsTrainOnAllProcessorsAsOnOne(DataMode mode)
    {
        float[] Weights(int threads)
        {
            // The default size: large enough that threads are shared out even for the short minibatch at the end.
            LanguageModelOptions options = TinyTraining.Options(mode);
            (options.Model.HiddenSize, options.Device.Threads, options.Training.MaxSteps) = (256, threads, 4);
            using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows.Take(39), options);
            return model.Saved.Weights["rnn.weight_hh_l0"].Values;
        }

        Assert.Equal(Weights(threads: 1), Weights(threads: 0));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.99)]
    public void AnAverageOfTheWeightsIsKeptWhereItIsAskedFor(double decay)
    {
        float[] Weights(long steps, double averaging)
        {
            LanguageModelOptions options = TinyTraining.Options();
            (options.Training.MaxSteps, options.Training.AveragingDecay, options.Training.ReportEvery) = (steps, averaging, 1);
            using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);
            return model.Saved.Weights["rnn.weight_hh_l0"].Values;
        }

        float[] average = Weights(1, 0);
        for (int step = 2; step <= 4; step++)
        {
            float share = 1 - (float)Math.Min(decay, (1.0 + step) / (10 + step));
            average = [.. average.Zip(Weights(step, 0), (mean, newest) => mean + (share * (newest - mean)))];
            Assert.All(average.Zip(Weights(step, decay)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        }
    }

    [Fact]
    public void PairsLearnToAnswer()
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Pairs);
        (options.Training.MaxSteps, options.Training.ValidationFraction) = (150, 0);
        TextRow[] pairs = [TextRow.Pair("1+1=?", "2"), TextRow.Pair("1+2=?", "3")];

        using RnnLanguageModel model = RnnLanguageModel.Train(pairs, options);

        var greedy = new SamplingOptions { Temperature = 0, MaxLength = 5 };
        Assert.Equal(("2", "3"), (model.Generate("1+1=?", greedy), model.Generate("1+2=?", greedy)));
    }

    [Fact]
    public void AWindowLongerThanTheTextIsSaid()
    {
        LanguageModelOptions options = TinyTraining.Options();
        (options.Data.SequenceLength, options.Training.MaxSteps, options.Training.ValidationFraction) = (500, 2, 0);
        var log = new List<LogMessage>();
        options.Training.Log = new Collector(log);

        RnnLanguageModel.Train(["a text of some thirty characters"], options).Dispose();

        Assert.Contains(log, m => m.Severity == LogSeverity.Warning
            && m.Text.StartsWith("Data.SequenceLength = 500 is longer than the text of 32 characters", StringComparison.Ordinal));
    }

    [Fact]
    public void ARunningTextOfOneCharacterIsAnErrorAndARowOfOneIsNot()
    {
        LanguageModelOptions options = TinyTraining.Options();
        (options.Vocabulary.Characters, options.Training.MaxSteps, options.Training.ValidationFraction) = ("ab", 40, 0);
        TextDataException fault = Assert.Throws<TextDataException>(() => RnnLanguageModel.Train(["a"], options));
        Assert.Contains("has 1 character; at least 2 are needed", fault.Message, StringComparison.Ordinal);

        // A row has a start and an end, too.
        options.Data.Mode = DataMode.Rows;
        using RnnLanguageModel model = RnnLanguageModel.Train(["a", "b"], options);
        Assert.All(model.GenerateAll(["", "", ""]), samples => Assert.Contains(samples[0].Text, new[] { "a", "b" }));
    }

    [Fact]
    public void ConditionsSteerTheText()
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
        (options.Training.MaxSteps, options.Training.ValidationFraction) = (150, 0);
        TextRow[] rows = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0
            ? TextRow.Row("apple pie", "food") : TextRow.Row("big boat", "ship"))];

        using RnnLanguageModel model = RnnLanguageModel.Train(rows, options);

        var greedy = new SamplingOptions { Temperature = 0 };
        Assert.Equal(("apple pie", "big boat"), (model.Generate("", greedy, "food"), model.Generate("", greedy, "ship")));
        Assert.True(model.Score("apple pie", "food").LogProbability > model.Score("apple pie", "ship").LogProbability + 1);
        Assert.Contains("knows 'food', 'ship'", Assert.Throws<ArgumentOutOfRangeException>(() => model.Generate("", greedy, "car")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ConditionsSteerAnswersToo()
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Pairs);
        (options.Training.MaxSteps, options.Training.ValidationFraction) = (150, 0);
        TextRow[] rows = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0
            ? TextRow.Pair("hello", "bonjour", "French") : TextRow.Pair("hello", "hallo", "German"))];

        using RnnLanguageModel model = RnnLanguageModel.Train(rows, options);

        var greedy = new SamplingOptions { Temperature = 0 };
        Assert.Equal(("bonjour", "hallo"), (model.Generate("hello", greedy, "French"), model.Generate("hello", greedy, "German")));
    }

    [Fact]
    public void SeveralMinibatchesAccumulatedAreOneOfTheirSize()
    {
        float[] Train(int batchSize, int accumulation)
        {
            LanguageModelOptions options = TinyTraining.Options();
            (options.Data.WindowOrder, options.Data.BatchSize, options.Optimizer.AccumulationSteps) =
                (WindowOrder.Random, batchSize, accumulation);
            (options.Optimizer.Kind, options.Optimizer.LearningRate, options.Training.MaxSteps) = (OptimizerKind.Sgd, 0.5, 8);
            using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);
            return model.Saved.Weights["output.weight"].Values;
        }

        Assert.All(Train(24, 1).Zip(Train(8, 3)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    /// <summary>By gradient descent, the sum of N losses at a rate is their mean at N times the rate.</summary>
    [Fact]
    public void TheSumOfTheLossesIsTheirMeanTimesTheirNumber()
    {
        const double Rate = 0.001;
        const int Targets = 16 * 25;

        float[] sum = WeightsAfterAStep(LossReduction.Sum, Rate), mean = WeightsAfterAStep(LossReduction.Mean, Rate * Targets);

        Assert.All(sum.Zip(mean), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        float[] slow = WeightsAfterAStep(LossReduction.Mean, Rate);
        Assert.True(slow.Zip(mean).Max(pair => Math.Abs(pair.First - pair.Second)) > 0.01);
    }

    [Fact]
    public void WithoutTeacherForcingTheModelReadsItsOwnPredictions() =>
        Assert.NotEqual(WeightsAfterAStep(LossReduction.Mean, 0.1), WeightsAfterAStep(LossReduction.Mean, 0.1, teacherForcing: 0.5));

    [Fact]
    public void ASeedGivesTheSameBitsAndAnotherSeedOthers()
    {
        float[] Train(long seed)
        {
            LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
            (options.Training.Seed, options.Training.MaxSteps) = (seed, 10);
            using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);
            return model.Saved.Weights["output.weight"].Values;
        }

        Assert.Equal(Train(1), Train(1));
        Assert.NotEqual(Train(1), Train(2));
    }

    [Theory]
    [InlineData(DataMode.Stream, 1)]
    [InlineData(DataMode.Rows, 2)]
    public void TrainingOnAPreviousModelKeepsNetworkAndVocabulary(DataMode mode, int layers)
    {
        LanguageModelOptions options = TinyTraining.Options(mode);
        options.Model.Layers = layers;
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, options);
        var log = new List<LogMessage>();
        options.Training.Log = new Collector(log);
        string[] other = [.. TinyTraining.Lines.Select(line => line.Replace("order", "radio", StringComparison.Ordinal) + "§")];

        using RnnLanguageModel second = RnnLanguageModel.Train(other.Select(TextRow.Row), options, previous: first);

        Assert.Equal(first.Vocabulary.Characters, second.Vocabulary.Characters);
        Assert.True(second.Score(other[0]).NatsPerCharacter < first.Score(other[0]).NatsPerCharacter);
        Assert.Contains(log, m => m.Severity == LogSeverity.Warning
            && m.Text.StartsWith("Read as the unknown token: 300 characters", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(UnknownCharacterPolicy.Skip)]
    [InlineData(UnknownCharacterPolicy.Throw)]
    public void NewCharactersFollowThePolicyOfThePreviousModel(UnknownCharacterPolicy policy)
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
        (options.Vocabulary.UnknownCharacters, options.Training.MaxSteps) = (policy, 5);
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, options);
        var log = new List<LogMessage>();
        options.Training.Log = new Collector(log);

        RnnLanguageModel Further() =>
            RnnLanguageModel.Train(TinyTraining.Lines.Select(line => TextRow.Row(line + "§")), options, previous: first);

        if (policy == UnknownCharacterPolicy.Throw)
        {
            Assert.Contains("'§' (U+00A7), which is not in the vocabulary", Assert.Throws<TextDataException>(Further).Message,
                StringComparison.Ordinal);
            return;
        }

        Further().Dispose();
        Assert.Contains(log, m => m.Severity == LogSeverity.Warning
            && m.Text.StartsWith("Left out of the training data: 300 characters (3 %) not in the vocabulary.", StringComparison.Ordinal));
    }

    [Fact]
    public void EarlyStoppingKeepsTheBestWeights()
    {
        LanguageModelOptions options = TinyTraining.Options();
        (options.Training.EvaluateEvery, options.Training.Patience, options.Training.MaxSteps) = (5, 2, 10_000);
        // A rate that soon makes the loss worse.
        (options.Optimizer.LearningRate, options.Optimizer.Kind) = (0.2, OptimizerKind.Adam);
        List<double> losses = Watch(options, report => report.ValidationLoss);

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);

        Assert.Equal(StopReason.EarlyStopping, model.TrainingSummary!.StopReason);
        Assert.Equal(losses.Min(), model.TrainingSummary.ValidationLoss);
        Assert.Equal((losses.IndexOf(losses.Min()) + 1) * 5, model.TrainingSummary.BestStep);
        Assert.Equal(losses.Count - 2, losses.IndexOf(losses.Min()) + 1);
    }

    [Fact]
    public void ALossThatIsNoNumberStopsSaysSoAndKeepsWhatWasGood()
    {
        LanguageModelOptions options = TinyTraining.Options(cell: CellType.Rnn);
        (options.Model.Nonlinearity, options.Optimizer.Kind, options.Optimizer.ClipNorm) = (Nonlinearity.Relu, OptimizerKind.Sgd, 0);
        (options.Optimizer.LearningRate, options.Optimizer.WarmupSteps) = (1e30, 0);
        options.Training.ReportEvery = 1;

        TrainingDivergedException fault =
            Assert.Throws<TrainingDivergedException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));
        Assert.Contains("Lower Optimizer.LearningRate", fault.Message, StringComparison.Ordinal);

        // With a slow start there is something to keep.
        (options.Optimizer.Schedule, options.Optimizer.WarmupSteps, options.Training.EvaluateEvery) = (LearningRateSchedule.Constant, 0, 1);
        using RnnLanguageModel good = RnnLanguageModel.Train(TinyTraining.Rows, Slow(options));
        var log = new List<LogMessage>();
        options.Training.Log = new Collector(log);
        options.Optimizer.LearningRate = 3;
        options.Optimizer.WarmupSteps = 1000;
        options.Optimizer.Momentum = 0.99;
        options.Training.MaxSteps = 2000;
        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);

        Assert.Equal(StopReason.Diverged, model.TrainingSummary!.StopReason);
        Assert.All(model.Saved.Weights, tensor => Assert.All(tensor.Values, value => Assert.True(float.IsFinite(value))));
        Assert.Contains(log, m => m.Severity == LogSeverity.Warning && m.Text.Contains("are kept", StringComparison.Ordinal));

        static LanguageModelOptions Slow(LanguageModelOptions options)
        {
            options.Optimizer.LearningRate = 1e-3;
            return options;
        }
    }

    [Fact]
    public void CancellingBeforeTheFirstStepThrowsAndLaterKeepsTheWeightsOrThrowsAsAsked()
    {
        LanguageModelOptions options = TinyTraining.Options();
        options.Training.CancellationToken = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));

        foreach (CancellationBehavior behavior in Enum.GetValues<CancellationBehavior>())
        {
            using var source = new CancellationTokenSource();
            LanguageModelOptions later = TinyTraining.Options();
            (later.Training.CancellationToken, later.Training.OnCancel, later.Training.ReportEvery) = (source.Token, behavior, 1);
            later.Training.Progress = new Callback(report =>
            {
                if (report.Step == 7)
                    source.Cancel();
            });
            if (behavior == CancellationBehavior.Throw)
            {
                Assert.Throws<OperationCanceledException>(() => RnnLanguageModel.Train(TinyTraining.Rows, later));
                continue;
            }

            using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, later);
            Assert.Equal((StopReason.Cancelled, 8L), (model.TrainingSummary!.StopReason, model.TrainingSummary.Steps));
        }
    }

    [Fact]
    public void WrongOptionsAreAllNamedInOneMessageBeforeAnyDataAreRead()
    {
        var options = new LanguageModelOptions
        {
            Model = { HiddenSize = 0, Dropout = double.NaN }, Optimizer = { LearningRate = -1 },
                Training = { Epochs = -1, BestBy = ValidationMetric.MacroF1 }, Sampling = { Temperature = double.NaN },
        };

        OptionsException fault = Assert.Throws<OptionsException>(() => RnnLanguageModel.Train(Unread(), options));

        Assert.All(new[] { "HiddenSize", "Dropout", "LearningRate", "Epochs", "BestBy", "Temperature" },
            name => Assert.Contains(name, fault.Message, StringComparison.Ordinal));

        static IEnumerable<TextRow> Unread()
        {
            Assert.Fail("the data were read");
            yield break;
        }
    }

    [Fact]
    public void TheSummaryIsCompleteWhetherSomeoneListensOrNot()
    {
        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, TinyTraining.Options());

        Assert.Equal((60L, 60L, StopReason.Completed),
            (model.TrainingSummary!.Steps, model.TrainingSummary.BestStep, model.TrainingSummary.StopReason));
        Assert.True(model.TrainingSummary.CharactersPerSecond > 0 && model.TrainingSummary.Loss > 0
            && model.TrainingSummary.ValidationLoss > 0);
        Assert.NotEmpty(model.TrainingSummary.History);
    }

    [Fact]
    public void ProgressTellsStepsLossesAndTimes()
    {
        LanguageModelOptions options = TinyTraining.Options();
        options.Training.ReportEvery = 10;
        var reports = new List<TrainingProgress>();
        options.Training.Progress = new Callback(reports.Add);

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);

        Assert.Equal(60, reports[^1].Step);
        Assert.Equal(60, reports[^1].TotalSteps);
        Assert.Equal(1, reports[^1].Fraction);
        Assert.All(reports, r => Assert.True(r.CharactersPerSecond > 0 && r.GradientNorm > 0 && double.IsFinite(r.Loss)));
        Assert.True(reports[^1].SmoothedLoss < Math.Log(model.Vocabulary.Size));
        Assert.Equal(Math.Exp(reports[^1].ValidationLoss!.Value), reports[^1].Perplexity, 12);
        Assert.Equal(Math.Log2(reports[^1].Perplexity), reports[^1].BitsPerCharacter, 12);
        Assert.All(reports.SkipLast(1), r => Assert.True(r.Remaining > TimeSpan.Zero && r.Elapsed > TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, reports[^1].Remaining);
        Assert.Equal(reports.Count, model.TrainingSummary!.History.Count);
    }

    private static float[] WeightsAfterAStep(LossReduction reduction, double rate, double teacherForcing = 1)
    {
        LanguageModelOptions options = TinyTraining.Options();
        (options.Optimizer.Kind, options.Optimizer.LearningRate, options.Optimizer.ClipNorm) = (OptimizerKind.Sgd, rate, 0);
        (options.Training.MaxSteps, options.Training.LossReduction, options.Training.TeacherForcingRatio) = (1, reduction, teacherForcing);
        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);
        return [.. model.Saved.Weights.SelectMany(tensor => tensor.Values)];
    }

    private static List<double> Watch(LanguageModelOptions options, Func<TrainingProgress, double?> value)
    {
        var values = new List<double>();
        options.Training.Progress = new Callback(report =>
        {
            if (value(report) is { } number)
                values.Add(number);
        });
        return values;
    }

    private sealed class Callback(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }

    private sealed class Collector(List<LogMessage> log) : IProgress<LogMessage>
    {
        public void Report(LogMessage value) => log.Add(value);
    }
}
