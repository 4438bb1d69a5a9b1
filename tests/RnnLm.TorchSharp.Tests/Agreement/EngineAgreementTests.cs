using System.Numerics.Tensors;
using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Managed;
using RnnLm.Managed.Training;
using RnnLm.Modeling;
using RnnLm.Tests;
using RnnLm.TorchSharp.Memory;

namespace RnnLm.TorchSharp.Tests;

/// <summary>Two engines, one model: what one computes or trains, the other computes or trains too.</summary>
public sealed class EngineAgreementTests
{
    private static readonly ManagedEngine Managed = new();

    public static TheoryData<string> Fixtures => PyTorchFixture.Names;

    public static TheoryData<CellType, Nonlinearity, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<CellType, Nonlinearity, int, int>();
            foreach ((CellType cell, Nonlinearity nonlinearity) in new[] { (CellType.Rnn, Nonlinearity.Tanh),
                (CellType.Rnn, Nonlinearity.Relu), (CellType.Lstm, Nonlinearity.Tanh), (CellType.Gru, Nonlinearity.Tanh) })
            {
                foreach ((int layers, int embedding) in new[] { (1, 0), (3, 0), (1, 24), (3, 24) })
                    shapes.Add(cell, nonlinearity, layers, embedding);
            }

            return shapes;
        }
    }

    [LibTorchTheory]
    [MemberData(nameof(Shapes))]
    public void LogitsAgreeWithin1e4(CellType cell, Nonlinearity nonlinearity, int layers, int embedding)
    {
        var config = new ModelConfig
        {
            Cell = cell,
            Nonlinearity = nonlinearity,
            VocabularySize = 65,
            HiddenSize = 70,
            Layers = layers,
            EmbeddingSize = embedding
        };
        ModelWeights weights = WeightInitializer.Draw(config, WeightInitialization.PyTorch, 0, seed: 3);
        using ILanguageModelRuntime one = Managed.LoadLanguageModel(config, weights, new InferenceOptions()),
            other = SmallModels.Engine.LoadLanguageModel(config, weights, new InferenceOptions());
        using IInferenceSession managed = one.CreateSession(3), torch = other.CreateSession(3);
        float[] expected = new float[3 * 65], actual = new float[3 * 65], state = new float[managed.StateSize],
            torchState = new float[torch.StateSize];
        for (int step = 0; step < 60; step++)
        {
            int[] tokens = [(7 * step) % 65, (11 * step * step) % 65, step % 2];
            managed.Step(tokens, expected);
            torch.Step(tokens, actual);
            Assert.True(TensorPrimitives.Distance<float>(expected, actual) < 1e-4, $"step {step}");
        }

        managed.ReadState(1, state);
        torch.ReadState(1, torchState);
        Assert.True(TensorPrimitives.Distance<float>(state, torchState) < 1e-4);
    }

    /// <summary>The runs that are compared with PyTorch, on both engines.</summary>
    [LibTorchTheory]
    [MemberData(nameof(Fixtures))]
    public void ThirtyStepsAgreeWithin1e5(string name)
    {
        PyTorchFixture fixture = PyTorchFixture.Named(name);
        (IReadOnlyList<StepStatistics> expected, ModelWeights managed) = fixture.Train(Managed, threads: 1);
        (IReadOnlyList<StepStatistics> actual, ModelWeights torch) = fixture.Train(SmallModels.Engine, threads: 1);
        for (int step = 0; step < fixture.Steps; step++)
        {
            Assert.Equal(expected[step].Targets, actual[step].Targets);
            Assert.True(Math.Abs(expected[step].Loss - actual[step].Loss) <= 1e-5 * expected[step].Loss,
                $"loss of step {step}: {expected[step].Loss} and {actual[step].Loss}");
            Assert.True(Math.Abs(expected[step].GradientNorm - actual[step].GradientNorm) <= 1e-4 * expected[step].GradientNorm,
                $"norm of step {step}");
        }

        foreach (WeightTensor tensor in managed)
            Assert.All(tensor.Values.Zip(torch[tensor.Name].Values), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
    }

    [LibTorchFact]
    public void FreeRunningAndMissingConditionsAgree()
    {
        foreach (InitialState initial in new[] { InitialState.Zeros, InitialState.Ones, InitialState.Learned })
        {
            ModelConfig config = SmallModels.Config(CellType.Lstm, layers: 2) with { Conditions = 3, InitialState = initial };
            Minibatch plain = SmallModels.Batch(config);
            var batch = new Minibatch
            {
                Length = plain.Length, BatchSize = plain.BatchSize, Inputs = plain.Inputs, Targets = plain.Targets,
                    Conditions = [1, -1, 2, -1],
                FreeRunning = [.. Enumerable.Range(0, 24).Select(i => i >= 4 && i % 3 == 0)],
            };
            ModelWeights expected = Gradients(Managed, config, batch), actual = Gradients(SmallModels.Engine, config, batch);
            foreach (WeightTensor tensor in expected)
                Assert.All(tensor.Values.Zip(actual[tensor.Name].Values), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

            using ILanguageModelRuntime one = Managed.LoadLanguageModel(config, SmallModels.Weights(config), new InferenceOptions());
            using ILanguageModelRuntime other =
                SmallModels.Engine.LoadLanguageModel(config, SmallModels.Weights(config), new InferenceOptions());
            using IInferenceSession managed = one.CreateSession(1), torch = other.CreateSession(1);
            foreach (int condition in new[] { -1, 2 })
            {
                float[] state = new float[managed.StateSize], torchState = new float[torch.StateSize];
                managed.Reset(0, condition);
                torch.Reset(0, condition);
                managed.ReadState(0, state);
                torch.ReadState(0, torchState);
                Assert.Equal(state, torchState);
            }
        }
    }

    [LibTorchFact]
    public void ClassifiersGiveTheSameProbabilities()
    {
        foreach (PyTorchFixture fixture in PyTorchFixture.All.Where(fixture => fixture.Config.Task == ModelTask.Classification))
        {
            ModelWeights weights = SmallModels.Weights(fixture.Config);
            using IClassifierRuntime managed = Managed.LoadClassifier(fixture.Config, weights, new InferenceOptions());
            using IClassifierRuntime torch = SmallModels.Engine.LoadClassifier(fixture.Config, weights, new InferenceOptions());
            float[] expected = new float[12], actual = new float[12];
            managed.Classify(fixture.Batch(0), expected);
            torch.Classify(fixture.Batch(0), actual);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    /// <summary>A model that learns new characters and conditions is the same on both engines, from the first step to the last.</summary>
    [LibTorchTheory]
    [InlineData(CellType.Gru, 0)]
    [InlineData(CellType.Lstm, 6)]
    public void ModelsThatGrowAgree(CellType cell, int embedding)
    {
        static IEnumerable<TextRow> Rows(params string[] texts) =>
            Enumerable.Range(0, 60).Select(i => TextRow.Row(texts[i % texts.Length], i % 2 == 0 ? texts[0] : null));
        RnnLanguageModel Train(EngineKind engine, IEnumerable<TextRow> rows, RnnLanguageModel? previous = null) =>
            RnnLanguageModel.Train(rows, new LanguageModelOptions
            {
                Model = { Cell = cell, HiddenSize = 10, EmbeddingSize = embedding },
                Vocabulary = { Grow = true },
                Data = { Mode = DataMode.Rows, BatchSize = 8 },
                Optimizer = { Kind = OptimizerKind.Sgd, LearningRate = 0.1 },
                Training = { Epochs = 0, MaxSteps = 20, Seed = 1 },
                Device = { Engine = engine, Device = "cpu", Threads = 1 },
            }, previous: previous);

        using RnnLanguageModel first = Train(EngineKind.Managed, Rows("abc", "cab"));
        using RnnLanguageModel managed = Train(EngineKind.Managed, Rows("béb", "caß"), first);
        using RnnLanguageModel torch = Train(EngineKind.TorchSharp, Rows("béb", "caß"), first);

        Assert.Equal("abcßé", string.Concat(torch.Characters));
        Assert.Equal(["abc", "béb"], torch.Conditions);
        foreach (WeightTensor tensor in managed.Saved.Weights)
            Assert.All(tensor.Values.Zip(torch.Saved.Weights[tensor.Name].Values), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
    }

    [LibTorchFact]
    public void ClassifiersBeingTrainedCountTheSameLabels()
    {
        ModelConfig config = SmallModels.Config() with { Task = ModelTask.Classification, Classes = 3, Bidirectional = true };
        using ITrainingSession torch = SmallModels.Train(config),
            managed = Managed.StartTraining(config, SmallModels.Weights(config), new TrainingSessionOptions
        {
            Optimizer = new OptimizerOptions(),
            Threads = 2
        });
        Minibatch batch = SmallModels.Batch(config, batchSize: 16, lengths: [6, 6, 6, 6, 6, 6, 5, 5, 5, 5, 3, 3, 3, 2, 1, 1]);
        var probabilities = new float[16 * 3];
        using (IClassifierRuntime model = Managed.LoadClassifier(config, SmallModels.Weights(config), new InferenceOptions()))
            model.Classify(batch, probabilities);
        int[] predicted = [.. probabilities.Chunk(3).Select(row => row.Index().MaxBy(p => p.Item).Index)];

        EvaluationResult expected = managed.Evaluate(batch), actual = torch.Evaluate(batch);

        Assert.Equal(LabelCounts.Count(batch.Labels, predicted, 3), expected.Labels);
        Assert.Equal(expected.Labels, actual.Labels);
        Assert.Equal(expected.Correct, actual.Correct);
        Assert.Equal(expected.Correct, expected.Labels!.Sum(label => label.Correct));
    }

    [LibTorchTheory]
    [InlineData(EngineKind.Managed)]
    [InlineData(EngineKind.TorchSharp)]
    public void AModelTrainedOnOneEngineWritesTheSame200CharactersOnBoth(EngineKind trainer)
    {
        const string text = "the quick brown fox jumps over the lazy dog, and the dog sleeps on; then the fox runs home. ";
        int[] ids = [.. string.Concat(Enumerable.Repeat(text, 8)).Select(character => character - ' ')];
        var config = new ModelConfig { Cell = CellType.Gru, VocabularySize = 96, HiddenSize = 48, EmbeddingSize = 16 };
        ModelWeights weights = WeightInitializer.Draw(config, WeightInitialization.PyTorch, 0, seed: 1);
        IEngine engine = trainer == EngineKind.Managed ? Managed : SmallModels.Engine;
        const int length = 40, lanes = 8, stride = 50;
        using (ITrainingSession session = engine.StartTraining(config, weights, new TrainingSessionOptions
        {
            Optimizer = new OptimizerOptions(),
            Threads = 1
        }))
        {
            for (int step = 0; step < 250; step++)
            {
                int[] From(int shift) =>
                    [.. Enumerable.Range(0, length * lanes).Select(i => ids[((i % lanes) * stride) + (i / lanes) + shift + (step % 92)])];
                SmallModels.Step(session, new Minibatch { Length = length, BatchSize = lanes, Inputs = From(0), Targets = From(1) });
            }

            Assert.True(session.TakeStatistics()[^1].Loss < 0.5);
            session.ReadWeights(weights);
        }

        string expected = Continue(Managed, config, weights, ids[..10]), actual = Continue(SmallModels.Engine, config, weights, ids[..10]);
        Assert.Equal(200, expected.Length);
        Assert.Contains("brown fox", expected, StringComparison.Ordinal);
        Assert.Equal(expected, actual);
    }

    private static string Continue(IEngine engine, ModelConfig config, ModelWeights weights, int[] prompt)
    {
        using ILanguageModelRuntime model = engine.LoadLanguageModel(config, weights, new InferenceOptions());
        using IInferenceSession session = model.CreateSession(1);
        var logits = new float[config.VocabularySize];
        foreach (int token in prompt)
            session.Step([token], logits);
        var characters = new char[200];
        for (int i = 0; i < characters.Length; i++)
        {
            int next = TensorPrimitives.IndexOfMax(logits);
            characters[i] = (char)(next + ' ');
            session.Step([next], logits);
        }

        return new string(characters);
    }

    private static ModelWeights Gradients(IEngine engine, ModelConfig config, Minibatch batch)
    {
        using ITrainingSession session = engine.StartTraining(config, SmallModels.Weights(config), new TrainingSessionOptions
        {
            Optimizer = new OptimizerOptions(),
            Threads = 1
        });
        session.Accumulate(batch);
        var gradients = new ModelWeights(config);
        session.ReadGradients(gradients);
        return gradients;
    }
}
