using RnnLm.Managed.Training;
using RnnLm.SafeTensors;
using RnnLm.Training;

namespace RnnLm.Tests.Training;

public sealed class ResumeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rnnlm-resume").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<DataMode, OptimizerKind, double> Trainings => new()
    {
        { DataMode.Stream, OptimizerKind.Adam, 0.2 },
        { DataMode.Stream, OptimizerKind.Sgd, 0 },
        { DataMode.Rows, OptimizerKind.AdamW, 0.2 },
        { DataMode.Rows, OptimizerKind.RmsProp, 0 },
        { DataMode.Stream, OptimizerKind.Adagrad, 0 },
    };

    public static TheoryData<string, Action<LanguageModelOptions>> OtherWays => new()
    {
        { "accumulation, schedule", options => (options.Optimizer.AccumulationSteps, options.Optimizer.Schedule,
        options.Optimizer.WarmupSteps) = (3, LearningRateSchedule.Cosine, 5) },
        { "random windows", options => (options.Data.WindowOrder, options.Data.WindowStride) = (WindowOrder.Random, 3) },
        { "learned state", options => (options.Data.Mode, options.Model.InitialState) = (DataMode.Rows, InitialState.Learned) },
        { "drawn state", options => (options.Data.Mode, options.Model.InitialState) = (DataMode.Rows, InitialState.Normal) },
        { "pairs", options => options.Data.Mode = DataMode.Pairs },
        { "sums, clipped by value", options =>
        (options.Training.LossReduction, options.Optimizer.LearningRate, options.Optimizer.ClipValue) = (LossReduction.Sum, 1e-4, 1) },
        { "orthogonal, tied", options => (options.Model.Initialization, options.Model.EmbeddingSize,
        options.Model.TieWeights) = (WeightInitialization.Orthogonal, 32, true) },
    };

    /// <summary>The schedule goes by the bound of the whole training, so here it is interrupted rather than bounded.</summary>
    [Theory]
    [MemberData(nameof(OtherWays))]
    public void EveryWayOfTrainingResumes(string way, Action<LanguageModelOptions> choose)
    {
        TextRow[] rows = [.. TinyTraining.Lines.Select((line, i) => way == "pairs"
            ? TextRow.Pair(line[..12], line[12..], $"{i % 3}")
            : TextRow.Row(line))];
        using var stop = new CancellationTokenSource();
        LanguageModelOptions Options(bool resume, CancellationToken token = default)
        {
            LanguageModelOptions options = WithCheckpoint(steps: 25);
            choose(options);
            (options.Training.EvaluateEvery, options.Training.CheckpointEvery, options.Training.ReportEvery) = (6, 4, 1);
            (options.Training.Resume, options.Training.CancellationToken) = (resume, token);
            options.Training.Progress = new Callback<TrainingProgress>(report =>
            {
                if (report.Step == 13)
                    stop.Cancel();
            });
            return options;
        }

        using RnnLanguageModel begun = RnnLanguageModel.Train(rows, Options(resume: false, stop.Token));
        using RnnLanguageModel resumed = RnnLanguageModel.Train(rows, Options(resume: true)),
            whole = RnnLanguageModel.Train(rows, Options(resume: false));

        Assert.Equal((14L, 25L), (begun.TrainingSummary!.Steps, resumed.TrainingSummary!.Steps));
        Assert.All(whole.Saved.Weights, tensor => Assert.Equal(tensor.Values, resumed.Saved.Weights[tensor.Name].Values));
        Assert.Equal(whole.TrainingSummary!.ValidationLoss, resumed.TrainingSummary.ValidationLoss);
    }

    [Theory]
    [MemberData(nameof(Trainings))]
    public void StoppedAndResumedGivesTheSameBitsAsUninterrupted(DataMode mode, OptimizerKind optimizer, double dropout)
    {
        string path = Path.Combine(_folder, "training.checkpoint");
        LanguageModelOptions Options(long steps, bool resume)
        {
            LanguageModelOptions options = TinyTraining.Options(mode, CellType.Lstm);
            (options.Model.Layers, options.Model.Dropout, options.Model.OutputDropout, options.Model.RecurrentDropout) =
                (2, dropout, dropout, dropout);
            (options.Optimizer.Kind, options.Optimizer.Momentum, options.Optimizer.WeightDecay) = (optimizer, 0.5, 0.01);
            (options.Data.HiddenState, options.Training.TeacherForcingRatio) = (HiddenStateMode.Carry, 0.8);
            (options.Training.MaxSteps, options.Training.EvaluateEvery, options.Training.CheckpointEvery) = (steps, 8, 7);
            (options.Training.CheckpointPath, options.Training.Resume, options.Training.Seed) = (path, resume, 99);
            options.Training.AveragingDecay = dropout > 0 ? 0.9 : 0;
            return options;
        }

        using RnnLanguageModel whole = RnnLanguageModel.Train(TinyTraining.Rows, Options(31, resume: false));
        File.Delete(path);
        using RnnLanguageModel begun = RnnLanguageModel.Train(TinyTraining.Rows, Options(13, resume: true));
        LanguageModelOptions rest = Options(31, resume: true);
        rest.Training.Seed = null;
        using RnnLanguageModel resumed = RnnLanguageModel.Train(TinyTraining.Rows, rest);

        Assert.All(whole.Saved.Weights, tensor => Assert.Equal(tensor.Values, resumed.Saved.Weights[tensor.Name].Values));
        Assert.Equal(whole.TrainingSummary!.ValidationLoss, resumed.TrainingSummary!.ValidationLoss);
        Assert.Equal(whole.TrainingSummary.SmoothedLoss, resumed.TrainingSummary.SmoothedLoss);
        Assert.Equal(99, resumed.TrainingSummary.Seed);
    }

    [Fact]
    public void ACheckpointOfAnotherTrainingIsRefusedByItsDifferencesAlone()
    {
        CheckpointException fault = Refusal(TinyTraining.Rows, options =>
        {
            (options.Optimizer.LearningRate, options.Optimizer.Epsilon, options.Training.LossReduction) = (0.003, 1e-6, LossReduction.Sum);
            (options.Training.MaxSteps, options.Training.ReportEvery) = (7, 3);
        });

        Assert.Equal(
            $"Checkpoint '{Path.Combine(_folder, "training.checkpoint")}' is of another training: "
            + "Optimizer.LearningRate was 0.01, is 0.003; Optimizer.Epsilon was not set, is 1E-06; "
            + "Training.LossReduction was Mean, is Sum. "
            + "Give the options and the data it was made with, or name another checkpoint file.", fault.Message);
        Assert.Equal(
            [
                ("Optimizer", "LearningRate", "0.01", "0.003"),
                ("Optimizer", "Epsilon", null, "1E-06"),
                ("Training", "LossReduction", "Mean", "Sum"),
            ],
            fault.Differences.Select(difference => (difference.Group, difference.Property, difference.Was, difference.Now)));
    }

    [Fact]
    public void ACheckpointOfAnotherVocabularyIsRefused() => Assert.Matches(
        "is of another training: .*the vocabulary was (?<count>\\d+) tokens \\((?<hash>[0-9a-f]{8})\\), "
            + "is \\k<count> tokens \\((?!\\k<hash>)[0-9a-f]{8}\\)\\. Give",
        Refusal(TinyTraining.Lines.Select(line => TextRow.Row(line.Replace('o', 'ø')))).Message);

    [Fact]
    public void ACheckpointOfAnotherTextOfTheSameCharactersIsRefused() => Assert.Matches(
        "is of another training: the text was (?<count>[\\d,]+) characters \\((?<hash>[0-9a-f]{8})\\), "
            + "is \\k<count> characters \\((?!\\k<hash>)[0-9a-f]{8}\\)\\. Give",
        Refusal(TinyTraining.Lines.Reverse().Select(TextRow.Row)).Message);

    /// <summary>The best weights so far were chosen on the validation data; on others they might not have been.</summary>
    [Fact]
    public void ACheckpointOfOtherValidationDataIsRefused() => Assert.Matches(
        "is of another training: the validation text was none, is [\\d,]+ characters",
        Refusal(TinyTraining.Rows, validation: TinyTraining.Rows.Take(20)).Message);

    [Fact]
    public void ACheckpointOfATrainingThatBeganWithAnotherModelIsRefused()
    {
        using RnnLanguageModel previous = RnnLanguageModel.Train(TinyTraining.Rows, TinyTraining.Options());

        string refusal = Refusal(TinyTraining.Rows, previous: previous).Message;

        Assert.Matches("is of another training: the previous model was none, is [\\d,]+ weights", refusal);
    }

    [Fact]
    public void ACheckpointOfAnOlderFormatIsRefusedByItsVersion()
    {
        LanguageModelOptions options = WithCheckpoint(steps: 5);
        var metadata = new Dictionary<string, string>
        {
            ["rnnlm_checkpoint_version"] = "1",
            ["fingerprint"] = "GRU 1x32",
            ["loop_state"] = "{}",
        };
        using (FileStream file = File.Create(options.Training.CheckpointPath!))
            SafeTensorsWriter.Write(file, [], metadata);
        options.Training.Resume = true;

        FormatException fault = Assert.Throws<FormatException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));

        Assert.Equal(
            $"Checkpoint '{options.Training.CheckpointPath}' can't be read: it is of checkpoint version 1, "
            + "and this version of RnnLm reads 2: go on with the version of RnnLm that wrote it. "
            + "Name another file, or delete this one to begin anew.", fault.Message);
    }

    [Fact]
    public void ACheckpointThatCannotBeWrittenIsSaidBeforeTheDataAreRead()
    {
        LanguageModelOptions options = WithCheckpoint(steps: 5);
        options.Training.CheckpointPath = Path.Combine(_folder, "missing", "training.checkpoint");

        IOException fault = Assert.Throws<IOException>(() => RnnLanguageModel.Train(Unread(), options));

        Assert.Contains("does not exist", fault.Message, StringComparison.Ordinal);

        static IEnumerable<TextRow> Unread()
        {
            Assert.Fail("the data were read");
            yield break;
        }
    }

    [Fact]
    public void ACheckpointThatCannotBeWrittenLaterIsSaidAndTrainingGoesOn()
    {
        using RnnLanguageModel whole = RnnLanguageModel.Train(TinyTraining.Rows, Options());
        byte[] sound = [];
        var log = new List<LogMessage>();
        LanguageModelOptions options = Options();
        options.Training.Log = new Callback<LogMessage>(log.Add);
        FileStream? taken = null;
        options.Training.Progress = new Callback<TrainingProgress>(report =>
        {
            // Between the checkpoints of steps 5 and 10, somebody else takes the file.
            if (report.Step != 7)
                return;
            sound = File.ReadAllBytes(options.Training.CheckpointPath!);
            taken = new FileStream(options.Training.CheckpointPath + ".rnnlm.tmp.lock", FileMode.Create, FileAccess.Write, FileShare.None);
        });

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);
        taken!.Dispose();

        LogMessage warning = Assert.Single(log, message => message.Severity == LogSeverity.Warning);
        Assert.StartsWith("The checkpoint of step 10 could not be saved", warning.Text, StringComparison.Ordinal);
        Assert.Equal(sound, File.ReadAllBytes(options.Training.CheckpointPath!));
        Assert.All(whole.Saved.Weights, tensor => Assert.Equal(tensor.Values, model.Saved.Weights[tensor.Name].Values));
        options.Training.Resume = true;
        options.Training.Progress = null;
        using RnnLanguageModel resumed = RnnLanguageModel.Train(TinyTraining.Rows, options);
        Assert.Contains(log, message => message.Text == "Going on from step 5.");
        Assert.All(whole.Saved.Weights, tensor => Assert.Equal(tensor.Values, resumed.Saved.Weights[tensor.Name].Values));

        LanguageModelOptions Options()
        {
            LanguageModelOptions ten = WithCheckpoint(steps: 10);
            (ten.Training.CheckpointEvery, ten.Training.ReportEvery) = (5, 1);
            return ten;
        }
    }

    [Fact]
    public void ADamagedCheckpointIsRefusedAndStays()
    {
        LanguageModelOptions options = WithCheckpoint(steps: 5);
        RnnLanguageModel.Train(TinyTraining.Rows, options).Dispose();
        byte[] bytes = File.ReadAllBytes(options.Training.CheckpointPath!);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(options.Training.CheckpointPath!, bytes);
        options.Training.Resume = true;

        Assert.Throws<FormatException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));
        Assert.Equal(bytes, File.ReadAllBytes(options.Training.CheckpointPath!));
    }

    [Fact]
    public void ACheckpointIsReplacedOnlyWhereThatIsAskedFor()
    {
        LanguageModelOptions options = WithCheckpoint(steps: 5);
        options.Training.OverwriteCheckpoint = false;
        RnnLanguageModel.Train(TinyTraining.Rows, options).Dispose();
        byte[] bytes = File.ReadAllBytes(options.Training.CheckpointPath!);

        // Without a seed too: each run would draw its own, and a resumed one takes that of the checkpoint.
        foreach (long? seed in new[] { options.Training.Seed, null })
        {
            options.Training.Seed = seed;
            var fault = Assert.Throws<CheckpointException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));
            Assert.Contains("holds step 5 of this training: set Training.Resume to go on, or Training.OverwriteCheckpoint to begin anew.",
                fault.Message, StringComparison.Ordinal);
        }

        var other = Assert.Throws<CheckpointException>(() => RnnLanguageModel.Train(TinyTraining.Rows.Reverse(), options));
        Assert.Contains("is of another training", other.Message, StringComparison.Ordinal);
        Assert.Contains("It holds step 5 of that training", other.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(options.Training.CheckpointPath!));

        options.Training.OverwriteCheckpoint = true;
        RnnLanguageModel.Train(TinyTraining.Rows.Reverse(), options).Dispose();
        Assert.NotEqual(bytes, File.ReadAllBytes(options.Training.CheckpointPath!));
        Assert.Single(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public void AFileThatIsNoCheckpointIsNeverReplaced()
    {
        LanguageModelOptions options = WithCheckpoint(steps: 5);
        File.WriteAllText(options.Training.CheckpointPath!, "a diary, say");

        Assert.Throws<FormatException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));
        Assert.Equal("a diary, say", File.ReadAllText(options.Training.CheckpointPath!));
    }

    [Fact]
    public void TwoTrainingsAtOnceDoNotWriteOneCheckpoint()
    {
        LanguageModelOptions options = WithCheckpoint(steps: 5), second = WithCheckpoint(steps: 5);
        IOException? fault = null;
        options.Training.Progress = new Callback<TrainingProgress>(_ =>
            fault ??= Assert.Throws<IOException>(() => RnnLanguageModel.Train(TinyTraining.Rows, second)));

        RnnLanguageModel.Train(TinyTraining.Rows, options).Dispose();

        Assert.Contains("another run is about to write it", fault!.Message, StringComparison.Ordinal);
        RnnLanguageModel.Train(TinyTraining.Rows, second).Dispose();
    }

    [Fact]
    public void ResumingOntoFewerStepsThanWereDoneIsAnErrorThatSaysSo()
    {
        LanguageModelOptions options = WithCheckpoint(steps: 10);
        RnnLanguageModel.Train(TinyTraining.Rows, options).Dispose();
        (options.Training.Resume, options.Training.MaxSteps) = (true, 6);

        OptionsException fault = Assert.Throws<OptionsException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));

        Assert.Contains("10 steps behind it, more than the 6", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResumingAFinishedTrainingReturnsItsModel()
    {
        LanguageModelOptions options = WithCheckpoint(steps: 10);
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, options);
        options.Training.Resume = true;
        using RnnLanguageModel again = RnnLanguageModel.Train(TinyTraining.Rows, options);

        Assert.Equal(first.Saved.Weights["output.bias"].Values, again.Saved.Weights["output.bias"].Values);
    }

    /// <summary>Trains five steps, goes on with other data or options, and returns why that is refused.</summary>
    private CheckpointException Refusal(
        IEnumerable<TextRow> rows, Action<LanguageModelOptions>? change = null,
        IEnumerable<TextRow>? validation = null, RnnLanguageModel? previous = null)
    {
        LanguageModelOptions options = WithCheckpoint(steps: 5);
        RnnLanguageModel.Train(TinyTraining.Rows, options).Dispose();
        options.Training.Resume = true;
        change?.Invoke(options);
        return Assert.Throws<CheckpointException>(() => RnnLanguageModel.Train(rows, options, validation, previous));
    }

    private LanguageModelOptions WithCheckpoint(long steps)
    {
        LanguageModelOptions options = TinyTraining.Options();
        (options.Training.CheckpointPath, options.Training.OverwriteCheckpoint, options.Training.MaxSteps) =
            (Path.Combine(_folder, "training.checkpoint"), true, steps);
        return options;
    }

    private sealed class Callback<T>(Action<T> action) : IProgress<T>
    {
        public void Report(T value) => action(value);
    }
}
