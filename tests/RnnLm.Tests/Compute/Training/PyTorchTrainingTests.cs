using System.Text.Json;
using System.Text.Json.Serialization;

namespace RnnLm.Tests;

/// <summary>Thirty steps of training beside PyTorch's, on the same weights and batches; the figures are those that the TorchSharp engine is held to.</summary>
public class PyTorchTrainingTests
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };
    private static readonly Lazy<Run[]> s_runs = new(Load);

    public static TheoryData<string> Names => [.. s_runs.Value.Select(run => run.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesStepForStep(string name)
    {
        Run run = s_runs.Value.Single(run => string.Equals(run.Name, name, StringComparison.Ordinal));
        using ITrainingSession session = new ManagedEngine().StartTraining(run.Config, Weights(run.Config), new() { Optimizer = run.Optimizer, Threads = 2 });
        for (int step = 0; step < run.Steps; step++)
        {
            for (int part = 0; part < run.Accumulate; part++)
                session.Accumulate(run.Batch(step + part), 1f / run.Accumulate);
            session.Update(run.Optimizer.LearningRate);
        }

        IReadOnlyList<StepStatistics> statistics = session.TakeStatistics();
        Assert.Equal(run.Steps, statistics.Count);
        for (int step = 0; step < run.Steps; step++)
        {
            AssertClose(run.Losses[step], statistics[step].Loss, $"loss of step {step}");
            AssertClose(run.Norms[step], statistics[step].GradientNorm, $"gradient norm of step {step}");
        }

        var weights = new ModelWeights(run.Config);
        session.ReadWeights(weights);
        foreach ((string tensor, float[] expected) in run.Weights)
        {
            for (int i = 0; i < expected.Length; i++)
                AssertClose(expected[i], weights[tensor].Values[i], $"{tensor}[{i}]");
        }
    }

    private static void AssertClose(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-5 * Math.Max(1, Math.Abs(expected)), $"{what}: {actual} for {expected}");

    private static ModelWeights Weights(ModelConfig config)
    {
        var weights = new ModelWeights(config);
        foreach ((WeightTensor tensor, int number) in weights.Select((tensor, number) => (tensor, number)))
        {
            for (int i = 0; i < tensor.Values.Length; i++)
                tensor.Values[i] = (float)(0.5 * Math.Sin(0.7 + (1.3 * number) + (0.9 * i)));
        }

        return weights;
    }

    private static Run[] Load()
    {
        using Stream stream = typeof(PyTorchTrainingTests).Assembly.GetManifestResourceStream("pytorch.json")!;
        return JsonSerializer.Deserialize<Run[]>(stream, s_json)!;
    }

    /// <summary>A run of PyTorch, as make_fixtures.py wrote it.</summary>
    private sealed record Run(
        string Name, ModelConfig Config, OptimizerOptions Optimizer, int Steps, int Length, int BatchSize, int[]? Lengths, bool CarryState, int[]? Conditions,
        bool Ignore, float[]? ClassWeights, float[]? InitialHidden, int Accumulate, double[] Losses, double[] Norms, IReadOnlyDictionary<string, float[]> Weights)
    {
        public Minibatch Batch(int step)
        {
            bool classifies = Config.Task == ModelTask.Classification;
            int[] inputs = new int[Length * BatchSize], targets = new int[Length * BatchSize];
            for (int i = 0; i < inputs.Length; i++)
            {
                (int t, int b) = Math.DivRem(i, BatchSize);
                bool counted = !(Ignore && t < 2) && (Lengths is null || t < Lengths[b]);
                inputs[i] = Token(t, b, step);
                targets[i] = counted ? Token(t + 1, b, step) : Minibatch.Ignore;
            }

            return new()
            {
                Length = Length,
                BatchSize = BatchSize,
                Inputs = inputs,
                Targets = classifies ? [] : targets,
                Lengths = Lengths,
                CarryState = CarryState,
                Conditions = Conditions,
                InitialHidden = InitialHidden,
                Labels = classifies ? [.. Enumerable.Range(0, BatchSize).Select(b => b % Config.Classes)] : null,
                ClassWeights = ClassWeights,
            };
        }

        private int Token(int t, int b, int step) => ((5 * t) + (3 * b * b) + (t * b) + step) % Config.VocabularySize;
    }
}
