using RnnLm.Data;
using RnnLm.Diagnostics;
using RnnLm.ModelFiles;
using RnnLm.Training;

namespace RnnLm.Tests.Training;

/// <summary>Private training from rows to the model's file.</summary>
public sealed class PrivateTrainingTests : IDisposable
{
    private const int Rows = 270;   // of TinyTraining's 300, a tenth is kept apart

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, Action<LanguageModelOptions>, string> Refused => new()
    {
        { "Training.PrivacyClipNorm", o => o.Training.PrivacyClipNorm = 0,
        "is not set, but the noise of Training.PrivacyNoise is a multiple of it" },
        { "Training.PrivacyNoise", o => o.Data.Mode = DataMode.Stream, "protects rows, but with Data.Mode = Stream there are none" },
        { "Data.KeepTextFilter", o => o.Data.KeepTextFilter = true, "would put into the model which rows it was trained on" },
        { "Optimizer.AccumulationSteps", o => o.Optimizer.AccumulationSteps = 2,
        "is 2, but the privacy of Training.PrivacyNoise is counted by minibatches" },
        { "Device.Engine", o => o.Device.Engine = EngineKind.TorchSharp,
        "is TorchSharp, which does not clip the gradients of rows by themselves" },
        { "Device.Device", o => (o.Device.Engine, o.Device.Device) = (EngineKind.Auto, "cuda:1"),
        "is cuda:1, but private training runs on the CPU alone" },
        { "Training.PrivacyNoise", o => o.Training.PrivacyNoise = double.NaN, "must be a finite number of at least 0" },
        { "Training.PrivacyNoise", o => o.Training.PrivacyNoise = -1, "must be a finite number of at least 0" },
        { "Training.PrivacyDelta", o => o.Training.PrivacyDelta = 1, "must be at least 0 and below 1" },
    };

    [Fact]
    public void EpsilonIsReportedAndKeptAndTheAccountants()
    {
        LanguageModelOptions options = Options();
        options.Training.PrivacyDelta = 1e-6;
        var reports = new List<TrainingProgress>();
        var log = new List<LogMessage>();
        (options.Training.ReportEvery, options.Training.Progress, options.Training.Log) =
            (7, new Collected<TrainingProgress>(reports), new Collected<LogMessage>(log));

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);
        model.Save(_folder["private.zip"]);
        using RnnLanguageModel loaded = RnnLanguageModel.Load(_folder["private.zip"]);

        double rate = 16.0 / Rows, epsilon = PrivacyGuarantee.ComputeEpsilon(1.5, rate, 60, 1e-6);
        var expected = new PrivacyGuarantee
        {
            Epsilon = epsilon,
            Delta = 1e-6,
            NoiseMultiplier = 1.5,
            ClipNorm = 0.5,
            SamplingRate = rate,
            Steps = 60
        };
        Assert.Equal(expected, model.TrainingSummary!.Privacy);
        Assert.Equal(expected, loaded.TrainingSummary!.Privacy);
        Assert.All(reports, report => Assert.Equal(PrivacyGuarantee.ComputeEpsilon(1.5, rate, report.Step, 1e-6), report.PrivacyEpsilon));
        Assert.Equal(60, reports[^1].Step);
        Assert.Contains(log, message => message.Text.StartsWith(FormattableString.Invariant(
            $"Private training: each of 270 rows joins a step with probability 0.0593; ε = {epsilon:G3} after all 60 steps, at δ = 1E-06"),
            StringComparison.Ordinal));
    }

    /// <summary>What comes of the training rows without noise is told to the trainer, and not to whom the model is given.</summary>
    [Fact]
    public void TheFileKeepsNothingOfTheRowsWithoutNoise()
    {
        LanguageModelOptions options = Options();
        var reports = new List<TrainingProgress>();
        options.Training.Progress = new Collected<TrainingProgress>(reports);
        TextRow[] rows = [.. TinyTraining.Lines.Select((line, i) => TextRow.Row(line, i % 3 == 0 ? "a" : "b"))];

        using RnnLanguageModel model = RnnLanguageModel.Train(rows, options);
        model.Save(_folder["private.zip"]);
        using RnnLanguageModel loaded = RnnLanguageModel.Load(_folder["private.zip"]);

        Assert.Contains(reports, report => double.IsFinite(report.Loss));
        foreach (RnnLanguageModel trained in (RnnLanguageModel[])[model, loaded])
        {
            TrainingSummary summary = trained.TrainingSummary!;
            Assert.Null(summary.Seed);
            Assert.True(double.IsNaN(summary.Loss) && double.IsNaN(summary.SmoothedLoss));
            Assert.All(summary.History, report => Assert.True(double.IsNaN(report.Loss) && double.IsNaN(report.SmoothedLoss)));
            Assert.NotEmpty(summary.History);
            Assert.Empty(trained.ConditionCounts);
            Assert.Null(trained.TrainingText);
            Assert.NotNull(summary.ValidationLoss);
        }
    }

    [Fact]
    public void AModelOfOrdinaryTrainingHasNoGuarantee()
    {
        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, TinyTraining.Options(DataMode.Rows));
        Assert.Null(model.TrainingSummary!.Privacy);
        Assert.Equal(5, model.TrainingSummary.Seed);
        Assert.All(model.TrainingSummary.History, report => Assert.Null(report.PrivacyEpsilon));
    }

    [Theory]
    [InlineData(DataMode.Rows)]
    [InlineData(DataMode.Pairs)]
    public void LearnsThroughTheNoise(DataMode mode)
    {
        LanguageModelOptions options = Options();
        (options.Data.Mode, options.Data.BatchSize, options.Training.MaxSteps) = (mode, 100, 80);
        (options.Training.PrivacyNoise, options.Optimizer.LearningRate) = (0.3, 0.02);
        TextRow[] rows = [.. TinyTraining.Lines.Select(line => mode == DataMode.Pairs
            ? TextRow.Pair(line[..12], line[12..])
            : TextRow.Row(line))];
        using RnnLanguageModel model = RnnLanguageModel.Train(rows, options);
        double first = model.TrainingSummary!.History[0].ValidationLoss ?? Math.Log(30);
        Assert.True(model.TrainingSummary.ValidationLoss < 0.65 * first, $"{first} to {model.TrainingSummary.ValidationLoss}");
    }

    /// <summary>What all of it is for: a row that is unlike the others is remembered without noise, and not with it.</summary>
    [Fact]
    public void CanariesAreNotRemembered()
    {
        CanarySet canaries = CanarySet.Draw("zq[0-9]{3}", perRepeats: 8, repeats: [1], seed: 3);
        TextRow[] rows = [.. canaries.Plant(TinyTraining.Rows)];
        double Exposure(double noise)
        {
            LanguageModelOptions options = Options();
            (options.Training.ValidationFraction, options.Training.MaxSteps, options.Data.BatchSize) = (0, 250, 32);
            (options.Training.PrivacyNoise, options.Training.PrivacyClipNorm) = (noise, noise > 0 ? 1 : 0);
            using RnnLanguageModel model = RnnLanguageModel.Train(rows, options);
            return model.MeasureExposure(canaries).Canaries.Average(found => found.Exposure!.Value);
        }

        double without = Exposure(noise: 0), with = Exposure(noise: 1);
        // Of 1,000 texts the most is 9.97 bits; texts never seen have 1.44 in the mean.
        Assert.True(without > 4 && with < 3, $"{without} without noise, {with} with it");
    }

    [Fact]
    public void AClassifierTrainsPrivatelyToo()
    {
        var options = new TextClassifierOptions
        {
            Model = { HiddenSize = 24, EmbeddingSize = 8 },
            Data = { BatchSize = 40 },
            Optimizer = { LearningRate = 0.02 },
            Training = { Epochs = 0, MaxSteps = 80, Seed = 1, PrivacyNoise = 0.5, PrivacyClipNorm = 1 },
            Device = { Engine = EngineKind.Managed, Threads = 2 },
        };
        LabelledText[] rows = [.. Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? new LabelledText($"{i * 37 % 1000}-{i}",
            "number") : new LabelledText($"{(char)('a' + (i % 26))}bc{(char)('d' + (i % 5))}", "word"))];
        using RnnTextClassifier model = RnnTextClassifier.Train(rows, options);
        Assert.Equal(["number", "word"], [model.Classify("77-12").Label, model.Classify("abcd").Label]);
        Assert.Equal(PrivacyGuarantee.ComputeEpsilon(0.5, 40 / 180.0, 80, 0.1 / 180), model.TrainingSummary!.Privacy!.Epsilon);

        options.Classifier.ClassBalance = 0.5;
        OptionsException fault = Assert.Throws<OptionsException>(() => RnnTextClassifier.Train(rows, options));
        Assert.StartsWith("Classifier.ClassBalance goes by the number of rows of each class", fault.Message, StringComparison.Ordinal);
        (options.Classifier.ClassBalance, options.Classifier.BalancedSampling) = (0, true);
        fault = Assert.Throws<OptionsException>(() => RnnTextClassifier.Train(rows, options));
        Assert.StartsWith("Classifier.BalancedSampling goes by", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResumedItComesToTheSameBitsAndCountsAllSteps()
    {
        LanguageModelOptions Options(long steps, bool resume)
        {
            LanguageModelOptions options = PrivateTrainingTests.Options();
            (options.Training.MaxSteps, options.Training.Resume, options.Training.CheckpointPath) =
                (steps, resume, _folder["private.checkpoint"]);
            (options.Training.EvaluateEvery, options.Training.CheckpointEvery, options.Data.BatchSize) = (8, 5, 4);
            (options.Model.Dropout, options.Model.Layers, options.Model.InitialState, options.Training.TeacherForcingRatio) =
                (0.2, 2, InitialState.Normal, 0.8);
            (options.Optimizer.WeightDecay, options.Training.AveragingDecay) = (0.01, 0.9);
            return options;
        }

        using RnnLanguageModel whole = RnnLanguageModel.Train(TinyTraining.Rows, Options(31, resume: false));
        File.Delete(_folder["private.checkpoint"]);
        using RnnLanguageModel begun = RnnLanguageModel.Train(TinyTraining.Rows, Options(13, resume: true));
        LanguageModelOptions rest = Options(31, resume: true);
        (rest.Training.Seed, rest.Device.Threads) = (null, 3);
        using RnnLanguageModel resumed = RnnLanguageModel.Train(TinyTraining.Rows, rest);

        Assert.All(whole.Saved.Weights, tensor => Assert.Equal(tensor.Values, resumed.Saved.Weights[tensor.Name].Values));
        Assert.Equal((31L, 13L), (resumed.TrainingSummary!.Privacy!.Steps, begun.TrainingSummary!.Privacy!.Steps));
        Assert.Equal(whole.TrainingSummary!.Privacy, resumed.TrainingSummary.Privacy);

        LanguageModelOptions other = Options(40, resume: true);
        other.Training.PrivacyNoise = 1;
        CheckpointException fault = Assert.Throws<CheckpointException>(() => RnnLanguageModel.Train(TinyTraining.Rows, other));
        Assert.Contains("Training.PrivacyNoise was 1.5, is 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheBitsAreTheSameForAnyNumberOfThreads()
    {
        RnnLanguageModel Train(int threads)
        {
            LanguageModelOptions options = Options();
            (options.Device.Threads, options.Training.MaxSteps, options.Model.Layers, options.Model.Dropout) = (threads, 12, 2, 0.1);
            return RnnLanguageModel.Train(TinyTraining.Rows, options);
        }

        using RnnLanguageModel one = Train(1);
        foreach (int threads in (int[])[2, 16])
        {
            using RnnLanguageModel many = Train(threads);
            Assert.All(one.Saved.Weights, tensor => Assert.Equal(tensor.Values, many.Saved.Weights[tensor.Name].Values));
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void WhatWouldBreakTheGuaranteeIsRefused(string option, Action<LanguageModelOptions> set, string problem)
    {
        LanguageModelOptions options = Options();
        set(options);
        OptionsException fault = Assert.Throws<OptionsException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));
        Assert.StartsWith($"{option} {problem}", fault.Message, StringComparison.Ordinal);
        Assert.Single(fault.Faults);
    }

    /// <summary>A norm alone clips nothing and protects nobody, though it looks as if it did.</summary>
    [Fact]
    public void WithoutNoiseTheOtherOptionsOfPrivacyAreRefused()
    {
        LanguageModelOptions options = Options();
        (options.Training.PrivacyNoise, options.Training.PrivacyDelta) = (0, 1e-6);
        OptionsException fault = Assert.Throws<OptionsException>(options.Validate);
        Assert.Equal(["PrivacyClipNorm", "PrivacyDelta"], fault.Faults.Select(f => f.Property));
        Assert.Contains("without Training.PrivacyNoise nothing is private", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheGuaranteeDoesNotCoverIsSaid()
    {
        List<LogMessage> Warnings(Action<LanguageModelOptions> set, RnnLanguageModel? previous = null)
        {
            LanguageModelOptions options = Options();
            var log = new List<LogMessage>();
            (options.Training.Log, options.Training.MaxSteps, options.Training.Seed) = (new Collected<LogMessage>(log), 2, null);
            options.Vocabulary.Characters = "abcdefghijklmnopqrstuvwxyz 0123456789.";
            set(options);
            using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options, previous: previous);
            Assert.Equal(previous is not null, model.TrainingSummary!.Privacy!.IsFromPreviousModel);
            return [.. log.Where(message => message.Severity == LogSeverity.Warning)];
        }

        Assert.Empty(Warnings(_ => { }));
        Assert.StartsWith("Training.Seed is set: whoever learns it", Assert.Single(Warnings(o => o.Training.Seed = 1)).Text,
            StringComparison.Ordinal);
        Assert.StartsWith("The characters that the model knows are those of the training rows",
            Assert.Single(Warnings(o => o.Vocabulary.Characters = null)).Text, StringComparison.OrdinalIgnoreCase);
        using RnnLanguageModel before = RnnLanguageModel.Train(TinyTraining.Rows, Options());
        Assert.StartsWith("The ε of Training.PrivacyNoise counts what this training tells",
            Assert.Single(Warnings(o => o.Vocabulary.Characters = null, before)).Text, StringComparison.Ordinal);
        Assert.StartsWith("The characters that the model learns are those of the training rows", Warnings(o =>
            (o.Vocabulary.Characters, o.Vocabulary.Grow) = (null, true), before)[0].Text, StringComparison.Ordinal);
        Assert.Single(Warnings(o => o.Vocabulary.Grow = true, before));
    }

    /// <summary>No decision may hang on losses of training rows: a loss that explodes stops nothing, and only weights that are no numbers
    /// are not kept.</summary>
    [Fact]
    public void LossesOfTrainingRowsDecideNothing()
    {
        LanguageModelOptions options = Options();
        (options.Training.MaxSteps, options.Training.ValidationFraction, options.Optimizer.Kind, options.Optimizer.LearningRate,
            options.Optimizer.ClipNorm) =
            (150, 0, OptimizerKind.Sgd, 30, 0);
        options.Training.PrivacyNoise = 5;
        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);
        Assert.Equal((StopReason.Completed, 150L, 150L),
            (model.TrainingSummary!.StopReason, model.TrainingSummary.Steps, model.TrainingSummary.BestStep));
    }

    /// <summary>The machine's GPU is no reason to refuse: the managed engine is taken.</summary>
    [Fact]
    public void TheEngineIsTheManagedOneWhereNoneIsNamed()
    {
        LanguageModelOptions options = Options();
        (options.Device.Engine, options.Training.MaxSteps) = (EngineKind.Auto, 1);
        var log = new List<LogMessage>();
        options.Training.Log = new Collected<LogMessage>(log);
        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);
        Assert.Contains(log, message => message.Text.Contains("with the Managed engine on cpu", StringComparison.Ordinal));
    }

    private static LanguageModelOptions Options()
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
        (options.Training.PrivacyNoise, options.Training.PrivacyClipNorm) = (1.5, 0.5);
        return options;
    }

    private sealed class Collected<T>(List<T> into) : IProgress<T>
    {
        public void Report(T value) => into.Add(value);
    }
}
