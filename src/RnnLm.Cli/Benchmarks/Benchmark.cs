using System.Diagnostics;
using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Cli.Benchmarks;

/// <summary>Measures how many characters an engine trains on, or writes, in a second. Weights and text are random: only the speed is of
/// interest.</summary>
internal sealed class Benchmark(EngineChoice choice, BenchConfig config, double seconds)
{
    private const int Seed = 1;
    private const double LearningRate = 2e-3, ClipNorm = 5;
    private const float Temperature = 0.8f;

    // Long enough for the just-in-time compiler to be done, which is no part of the speed.
    private const int WarmUpSteps = 20;
    private const double WarmUpSeconds = 0.8;

    private readonly ModelWeights _weights = WeightInitializer.Draw(config.Model, WeightInitialization.PyTorch, 0, Seed);

    /// <summary>Trains with Adam, gradients clipped by their norm, the state carried on, as in the training loop.</summary>
    /// <returns>Characters a second.</returns>
    public double Train()
    {
        using ITrainingSession session = choice.Engine.StartTraining(config.Model, _weights, new TrainingSessionOptions
        {
            Optimizer = new() { Kind = OptimizerKind.Adam, LearningRate = LearningRate, ClipNorm = ClipNorm },
            Device = choice.Device,
            Threads = choice.Threads,
            Seed = Seed,
        });
        // One text, read from its first character and predicted from its second. // [T + 1, B]
        int[] text = RandomTokens((config.Length + 1) * config.BatchSize);
        var batch = new Minibatch
        {
            Length = config.Length,
            BatchSize = config.BatchSize,
            Inputs = text[..^config.BatchSize],
            Targets = text[config.BatchSize..],
            CarryState = true,
        };
        double rate = Measure(() =>
        {
            session.Accumulate(batch);
            session.Update(LearningRate);
        }, () => session.TakeStatistics());
        return rate * config.Length * config.BatchSize;
    }

    /// <summary>Writes several texts side by side, each character drawn and known before the next.</summary>
    /// <returns>Characters a second.</returns>
    public double Sample(int texts)
    {
        using ILanguageModelRuntime model = choice.Engine.LoadLanguageModel(config.Model, _weights, new InferenceOptions
        {
            Device = choice.Device,
            Threads = choice.Threads
        });
        using IInferenceSession session = model.CreateSession(texts);
        for (int lane = 0; lane < texts; lane++)
            session.Reset(lane);
        var random = new CounterRandom(Seed, 0, RandomPurpose.Sampling);
        int[] tokens = new int[texts];
        double[] uniforms = new double[texts];
        float[] logits = new float[texts * config.Model.VocabularySize]; // [B, V]
        double rate = Measure(() =>
        {
            session.Step(tokens, logits);
            for (int i = 0; i < texts; i++)
                uniforms[i] = random.NextDouble();
            SoftmaxSampler.Sample(logits, config.Model.VocabularySize, Temperature, uniforms, tokens);
        });
        return rate * texts;
    }

    /// <param name="step">What is measured.</param>
    /// <param name="wait">Waits for steps that a GPU still has to do, or null where each step waits.</param>
    /// <returns>Steps a second.</returns>
    private double Measure(Action step, Action? wait = null)
    {
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < WarmUpSteps || clock.Elapsed.TotalSeconds < WarmUpSeconds; i++)
            step();
        wait?.Invoke();
        long steps = 0;
        clock.Restart();
        do
        {
            step();
            steps++;
        }
        while (clock.Elapsed.TotalSeconds < seconds);
        wait?.Invoke();
        return steps / clock.Elapsed.TotalSeconds;
    }

    private int[] RandomTokens(int count)
    {
        var random = new CounterRandom(Seed, 1, RandomPurpose.Sampling);
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++)
            tokens[i] = (int)(random.NextDouble() * config.Model.VocabularySize);
        return tokens;
    }
}
