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

    [Theory]
    [MemberData(nameof(Trainings))]
    public void StoppedAndResumedGivesTheSameBitsAsUninterrupted(DataMode mode, OptimizerKind optimizer, double dropout)
    {
        string path = Path.Combine(_folder, "training.checkpoint");
        LanguageModelOptions Options(long steps, bool resume)
        {
            LanguageModelOptions options = TinyTraining.Options(mode, CellType.Lstm);
            (options.Model.Layers, options.Model.Dropout, options.Model.OutputDropout) = (2, dropout, dropout);
            (options.Optimizer.Kind, options.Optimizer.Momentum, options.Optimizer.WeightDecay) = (optimizer, 0.5, 0.01);
            (options.Data.HiddenState, options.Training.TeacherForcingRatio) = (HiddenStateMode.Carry, 0.8);
            (options.Training.MaximumSteps, options.Training.EvaluateEvery, options.Training.CheckpointEvery) = (steps, 8, 7);
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
        Assert.Equal(whole.Training!.ValidationLoss, resumed.Training!.ValidationLoss);
        Assert.Equal(whole.Training.SmoothedLoss, resumed.Training.SmoothedLoss);
        Assert.Equal(99, resumed.Training.Seed);
    }

    [Fact]
    public void ACheckpointOfAnotherTrainingIsRefusedAndSaysHowItDiffers()
    {
        LanguageModelOptions options = WithCheckpoint(steps: 5);
        RnnLanguageModel.Train(TinyTraining.Rows, options).Dispose();
        options.Training.Resume = true;
        options.Model.HiddenSize = 16;

        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));

        Assert.Contains("GRU 1x32", fault.Message, StringComparison.Ordinal);
        Assert.Contains("GRU 1x16", fault.Message, StringComparison.Ordinal);
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
    public void ResumingOntoFewerStepsThanWereDoneIsAnErrorThatSaysSo()
    {
        LanguageModelOptions options = WithCheckpoint(steps: 10);
        RnnLanguageModel.Train(TinyTraining.Rows, options).Dispose();
        (options.Training.Resume, options.Training.MaximumSteps) = (true, 6);

        ArgumentException fault = Assert.Throws<ArgumentException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));

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

    private LanguageModelOptions WithCheckpoint(long steps)
    {
        LanguageModelOptions options = TinyTraining.Options();
        (options.Training.CheckpointPath, options.Training.MaximumSteps) = (Path.Combine(_folder, "training.checkpoint"), steps);
        return options;
    }
}
