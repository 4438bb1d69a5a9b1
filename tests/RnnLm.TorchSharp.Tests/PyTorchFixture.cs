using System.Text.Json;
using System.Text.Json.Serialization;
using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Managed.Training;
using RnnLm.Modeling;
using RnnLm.Training;

namespace RnnLm.Tests;

/// <summary>A training run of PyTorch, from Fixtures/pytorch.json; compiled into the tests of both engines.</summary>
internal sealed record PyTorchFixture(
    string Name, ModelConfig Config, OptimizerOptions Optimizer, int Steps, int StepsPerEpoch, int Length, int BatchSize, int[]? Lengths,
    bool CarryState,
    int[]? Conditions, bool Ignore, float[]? ClassWeights, float[]? InitialHidden, int Accumulate, bool Free, LossReduction Reduction,
    double LabelSmoothing, double[] Rates,
    double[] Losses, double[] Norms, IReadOnlyDictionary<string, float[]> Weights)
{
    private const double Tolerance = 1e-5;

    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };
    private static readonly Lazy<PyTorchFixture[]> s_all = new(Load);

    public static IReadOnlyList<PyTorchFixture> All => s_all.Value;

    public static TheoryData<string> Names => [.. All.Select(fixture => fixture.Name)];

    public static PyTorchFixture Named(string name) => All.Single(fixture => string.Equals(fixture.Name, name, StringComparison.Ordinal));

    /// <summary>Weights by the formula of make_fixtures.py.</summary>
    public static ModelWeights InitialWeights(ModelConfig config)
    {
        var weights = new ModelWeights(config);
        foreach ((WeightTensor tensor, int number) in weights.Select((tensor, number) => (tensor, number)))
        {
            for (int i = 0; i < tensor.Values.Length; i++)
                tensor.Values[i] = (float)(0.5 * Math.Sin(0.7 + (1.3 * number) + (0.9 * i)));
        }

        return weights;
    }

    /// <summary>Gets the batch of a step, or of a part of one where gradients are accumulated.</summary>
    public Minibatch Batch(int step)
    {
        bool classifies = Config.Task == ModelTask.Classification;
        int[] inputs = new int[Length * BatchSize], targets = new int[Length * BatchSize];   // [T, B]
        bool[] free = new bool[Length * BatchSize];
        for (int i = 0; i < inputs.Length; i++)
        {
            (int t, int b) = Math.DivRem(i, BatchSize);
            bool counted = !(Ignore && t < 2) && (Lengths is null || t < Lengths[b]);
            inputs[i] = Token(t, b, step);
            targets[i] = counted ? Token(t + 1, b, step) : Minibatch.Ignore;
            free[i] = t > 0 && ((5 * t) + (3 * b) + step) % 3 == 0;
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
            FreeRunning = Free ? free : null,
            Labels = classifies ? [.. Enumerable.Range(0, BatchSize).Select(b => b % Config.Classes)] : null,
        };
    }

    /// <summary>Trains on an engine as PyTorch did.</summary>
    public (IReadOnlyList<StepStatistics> Steps, ModelWeights Weights) Train(IEngine engine, int threads)
    {
        OptimizerOptions optimizer = Optimizer.Clone();
        optimizer.AccumulationSteps = Accumulate;
        using ITrainingSession session = engine.StartTraining(Config, InitialWeights(Config), new TrainingSessionOptions
        {
            Optimizer = optimizer,
            LossReduction = Reduction,
            ClassWeights = ClassWeights,
            LabelSmoothing = LabelSmoothing,
            Threads = threads,
        });
        for (int step = 0; step < Steps; step++)
        {
            for (int part = 0; part < Accumulate; part++)
                session.Accumulate(Batch(step + part));
            session.Update(Rate(step));
        }

        var weights = new ModelWeights(Config);
        session.ReadWeights(weights);
        return (session.TakeStatistics(), weights);
    }

    /// <summary>Trains on an engine, and compares each step's rate, loss and gradient norm and the final weights with PyTorch's.</summary>
    public void AssertAgrees(IEngine engine, int threads)
    {
        foreach ((double expected, int step) in Rates.Select((rate, step) => (rate, step)))
            Assert.Equal(expected, Rate(step), 1e-12);

        (IReadOnlyList<StepStatistics> steps, ModelWeights weights) = Train(engine, threads);
        Assert.Equal(Steps, steps.Count);
        for (int step = 0; step < Steps; step++)
        {
            AssertClose(Losses[step], steps[step].Loss, $"loss of step {step}");
            AssertClose(Norms[step], steps[step].GradientNorm, $"gradient norm of step {step}");
        }

        foreach ((string tensor, float[] expected) in Weights)
        {
            for (int i = 0; i < expected.Length; i++)
                AssertClose(expected[i], weights[tensor].Values[i], $"{tensor}[{i}]");
        }
    }

    private double Rate(int step) =>
        LearningRate.At(Optimizer, step, step / StepsPerEpoch, (double)step / Steps, (double)Optimizer.WarmupSteps / Steps);

    private int Token(int t, int b, int step) => ((5 * t) + (3 * b * b) + (t * b) + step) % Config.VocabularySize;

    private static void AssertClose(double expected, double actual, string what)
    {
        if (!(Math.Abs(expected - actual) <= Tolerance * Math.Max(1, Math.Abs(expected))))
            Assert.Fail($"{what}: {actual} for {expected}");
    }

    private static PyTorchFixture[] Load()
    {
        using Stream stream = typeof(PyTorchFixture).Assembly.GetManifestResourceStream("pytorch.json")!;
        return JsonSerializer.Deserialize<PyTorchFixture[]>(stream, s_json)!;
    }
}
