using RnnLm.Engines;
using RnnLm.Managed.Training;
using RnnLm.Modeling;

namespace RnnLm.TorchSharp.Tests;

/// <summary>What only an NVIDIA GPU can show.</summary>
public sealed class CudaTests
{
    private static readonly ComputeDevice Cuda = new(DeviceKind.Cuda);

    [SkippableTheory]
    [InlineData(CellType.Rnn)]
    [InlineData(CellType.Lstm)]
    [InlineData(CellType.Gru)]
    public void TrainingAgreesWithTheCpu(CellType cell)
    {
        SkipWithoutGpu();
        ModelConfig config = SmallModels.Config(cell, layers: 2);
        using ITrainingSession cpu = SmallModels.Train(config), gpu = Train(config, mixedPrecision: false);
        for (int step = 0; step < 30; step++)
        {
            SmallModels.Step(cpu, SmallModels.Batch(config, step, lengths: [6, 5, 3, 1]));
            SmallModels.Step(gpu, SmallModels.Batch(config, step, lengths: [6, 5, 3, 1]));
        }

        Assert.All(cpu.TakeStatistics().Zip(gpu.TakeStatistics()), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-4));
    }

    [SkippableFact]
    public void TrainingWithDropoutAndMixedPrecisionLowersTheLoss()
    {
        SkipWithoutGpu();
        ModelConfig config = SmallModels.Config(CellType.Lstm, layers: 2) with { HiddenSize = 64 };
        using ITrainingSession session = Train(config, mixedPrecision: true, dropout: 0.1);
        for (int step = 0; step < 200; step++)
            SmallModels.Step(session, SmallModels.Batch(config, carry: false));
        IReadOnlyList<StepStatistics> steps = session.TakeStatistics();
        Assert.True(steps[^1].Loss < steps[0].Loss / 2, $"{steps[0].Loss} -> {steps[^1].Loss}");
    }

    [SkippableFact]
    public void InferenceAgreesWithTheCpu()
    {
        SkipWithoutGpu();
        ModelConfig config = SmallModels.Config(CellType.Lstm, layers: 2);
        float[] Run(ComputeDevice device)
        {
            using ILanguageModelRuntime model =
                SmallModels.Engine.LoadLanguageModel(config, SmallModels.Weights(config), new InferenceOptions { Device = device });
            using IInferenceSession session = model.CreateSession(3);
            var logits = new float[21];
            session.Step([1, 2, 3], logits);
            session.Copy(0, 1);
            session.Step([1, 2], logits.AsSpan(0, 14));
            return logits;
        }

        Assert.All(Run(ComputeDevice.Cpu).Zip(Run(Cuda)), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    private static ITrainingSession Train(ModelConfig config, bool mixedPrecision, double dropout = 0) =>
        SmallModels.Engine.StartTraining(config, SmallModels.Weights(config),
        new TrainingSessionOptions
        {
            Optimizer = new OptimizerOptions(),
            Dropout = new() { BetweenLayers = dropout, Output = dropout, Recurrent = dropout },
            Device = Cuda,
            MixedPrecision = mixedPrecision
        });

    private static void SkipWithoutGpu()
    {
        string? why = SmallModels.Engine.WhyUnusable(Cuda);
        Skip.If(why is not null, $"Needs an NVIDIA GPU. {why}");
    }
}
