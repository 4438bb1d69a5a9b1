using RnnLm.Engines;
using RnnLm.Managed.Training;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Training;

namespace RnnLm.TorchSharp.Tests;

/// <summary>
/// The mechanism of mixed precision (weights that are updated in 32 bits, forward and backward pass in 16, a scaled loss), with the 16-bit
/// floats that the CPU can calculate with. On a GPU the engine takes another kind of them; see CudaTests.
/// </summary>
public sealed class MixedPrecisionTests
{
    [LibTorchTheory]
    [InlineData(CellType.Lstm)]
    [InlineData(CellType.Gru)]
    public void TrainingStaysNearThatInFullPrecision(CellType cell)
    {
        ModelConfig config = SmallModels.Config(cell, layers: 2);
        using ITrainingSession full = SmallModels.Train(config);
        using TorchSharpTrainingSession mixed = Mixed(config);
        for (int step = 0; step < 20; step++)
        {
            SmallModels.Step(full, SmallModels.Batch(config, step));
            SmallModels.Step(mixed, SmallModels.Batch(config, step));
        }

        IReadOnlyList<StepStatistics> expected = full.TakeStatistics(), actual = mixed.TakeStatistics();
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 0.05));
        Assert.Equal(expected[0].GradientNorm, actual[0].GradientNorm, 0.05);
        Assert.NotEqual(expected[0].Loss, actual[0].Loss);
        // The weights keep what 16 bits could not hold.
        float[] weights = SmallModels.Flat(mixed, config);
        Assert.Contains(weights, weight => (BitConverter.SingleToUInt32Bits(weight) & 0xFFFF) != 0);
    }

    [LibTorchFact]
    public void AStepThatOverflowsIsLeftOutAndTheScaleHalved()
    {
        ModelConfig config = SmallModels.Config();
        using TorchSharpTrainingSession session = Mixed(config);
        // Gradients of the hidden states are then of some 1e35, which the scale lifts out of the range of the numbers.
        ModelWeights large = SmallModels.Weights(config);
        Array.Fill(large["output.weight"].Values, 1e35f);
        large["output.weight"].Values[0] = -1e35f;
        session.WriteWeights(large);
        float[] before = SmallModels.Flat(session, config);
        session.Accumulate(SmallModels.Batch(config));
        session.Update(0.1);
        Assert.Equal(before, SmallModels.Flat(session, config));
        Assert.Equal(0, Assert.Single(session.TakeStatistics()).GradientNorm);
        Assert.Equal(32_768, session.SaveState().Single(saved => saved.Name == "scaler.scale").Values[0]);
        session.WriteWeights(SmallModels.Weights(config));
        before = SmallModels.Flat(session, config);
        SmallModels.Step(session, SmallModels.Batch(config));
        Assert.NotEqual(before, SmallModels.Flat(session, config));
    }

    [LibTorchFact]
    public void ResumedEqualsUninterrupted()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm);
        using TorchSharpTrainingSession whole = Mixed(config), second = Mixed(config);
        for (int step = 0; step < 3; step++)
            SmallModels.Step(whole, SmallModels.Batch(config, step));
        var weights = new ModelWeights(config);
        whole.ReadWeights(weights);
        second.WriteWeights(weights);
        second.RestoreState(whole.SaveState());
        foreach (ITrainingSession session in new[] { whole, second })
            SmallModels.Step(session, SmallModels.Batch(config, 3));
        Assert.Equal(SmallModels.Flat(whole, config), SmallModels.Flat(second, config));
    }

    [LibTorchFact]
    public void LossScalerDoublesAfterALongRunWithoutOverflow()
    {
        var scaler = new LossScaler();
        for (int step = 0; step < 1999; step++)
            scaler.Observe(overflow: false);
        Assert.Equal(65_536, scaler.Scale);
        scaler.Observe(overflow: false);
        Assert.Equal(131_072, scaler.Scale);
        scaler.Observe(overflow: true);
        Assert.Equal(65_536, scaler.Scale);
    }

    private static TorchSharpTrainingSession Mixed(ModelConfig config) => new(
        config, SmallModels.Weights(config), new TrainingSessionOptions { Optimizer = new OptimizerOptions(), Threads = 1 }, torch.CPU,
            torch.ScalarType.BFloat16);
}
