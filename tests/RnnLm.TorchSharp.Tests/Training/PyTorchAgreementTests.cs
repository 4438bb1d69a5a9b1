namespace RnnLm.TorchSharp.Tests;

/// <summary>Thirty steps of training, beside PyTorch's on the same weights and batches.</summary>
public sealed class PyTorchAgreementTests
{
    public static TheoryData<string> Names => [.. PyTorchFixture.All.Select(fixture => fixture.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Training_AgreesWithPyTorch(string name)
    {
        PyTorchFixture fixture = PyTorchFixture.All.Single(fixture => string.Equals(fixture.Name, name, StringComparison.Ordinal));
        using ITrainingSession session = SmallModels.Engine.StartTraining(
            fixture.Config, SmallModels.Weights(fixture.Config), new TrainingSessionOptions { Optimizer = fixture.Optimizer, Threads = 1 });
        for (int step = 0; step < fixture.Steps; step++)
        {
            for (int part = 0; part < fixture.Accumulate; part++)
                session.Accumulate(fixture.Batch(step + part), 1f / fixture.Accumulate);
            session.Update(fixture.Optimizer.LearningRate);
        }

        IReadOnlyList<StepStatistics> statistics = session.TakeStatistics();
        Assert.Equal(fixture.Steps, statistics.Count);
        for (int step = 0; step < fixture.Steps; step++)
        {
            AssertClose(fixture.Losses[step], statistics[step].Loss, 1e-5, $"loss of step {step}");
            AssertClose(fixture.Norms[step], statistics[step].GradientNorm, 1e-4, $"norm of step {step}");
        }

        var weights = new ModelWeights(fixture.Config);
        session.ReadWeights(weights);
        foreach ((string tensor, float[] expected) in fixture.Weights)
        {
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - weights[tensor].Values[i]) <= 1e-5 * Math.Max(1, Math.Abs(expected[i])), $"{tensor}[{i}]: {weights[tensor].Values[i]} for {expected[i]}");
        }
    }

    private static void AssertClose(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Abs(expected), $"{what}: {actual} for {expected}");
}
