using RnnLm.Engines;
using RnnLm.Managed.Inference;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Tests;

public sealed class ManagedInferenceSessionTests
{
    public static TheoryData<CellType, int, int, int> Shapes()
    {
        var shapes = new TheoryData<CellType, int, int, int>();
        foreach (CellType cell in Enum.GetValues<CellType>())
        {
            foreach ((int hidden, int layers, int embedding) in new[] { (1, 1, 0), (3, 2, 1), (17, 3, 0), (65, 1, 17), (65, 2, 3),
                (130, 2, 0), (257, 1, 65) })
                shapes.Add(cell, hidden, layers, embedding);
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void LogitsAgreeWithDoublePrecision(CellType cell, int hidden, int layers, int embedding) =>
        AssertAgrees(new ModelConfig { Cell = cell, VocabularySize = 31, HiddenSize = hidden, Layers = layers, EmbeddingSize = embedding });

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(257)]
    public void LogitsAgreeForAnyVocabulary(int vocabulary) =>
        AssertAgrees(new ModelConfig { Cell = CellType.Gru, VocabularySize = vocabulary, HiddenSize = 20, EmbeddingSize = 5 });

    [Fact]
    public void ReluTiedWeightsAndStartingStatesAgree()
    {
        AssertAgrees(new ModelConfig
        {
            Cell = CellType.Rnn,
            Nonlinearity = Nonlinearity.Relu,
            VocabularySize = 9,
            HiddenSize = 12,
            Layers = 2
        });
        AssertAgrees(new ModelConfig { Cell = CellType.Lstm, VocabularySize = 9, HiddenSize = 12, EmbeddingSize = 12, TieWeights = true });
        foreach (CellType cell in Enum.GetValues<CellType>())
        {
            AssertAgrees(new ModelConfig
            {
                Cell = cell,
                VocabularySize = 9,
                HiddenSize = 12,
                Layers = 2,
                InitialState = InitialState.Ones
            });
            AssertAgrees(new ModelConfig
            {
                Cell = cell,
                VocabularySize = 9,
                HiddenSize = 12,
                Layers = 2,
                InitialState = InitialState.Learned
            });
            AssertAgrees(new ModelConfig { Cell = cell, VocabularySize = 9, HiddenSize = 12, Layers = 2, Conditions = 3 }, condition: 2);
        }
    }

    [Fact]
    public void AnEmbeddingTooLargeForATableAgrees()
    {
        // 70,000 tokens of 512 outputs are above the table's limit.
        var config = new ModelConfig { Cell = CellType.Lstm, VocabularySize = 70_000, HiddenSize = 128, EmbeddingSize = 3 };
        AssertAgrees(config, steps: 2);
    }

    [Theory]
    [InlineData(CellType.Rnn, 100, 1, 0)]
    [InlineData(CellType.Lstm, 65, 2, 0)]
    [InlineData(CellType.Gru, 257, 1, 17)]
    public void ALaneHasTheSameBitsWhateverIsBesideIt(CellType cell, int hidden, int layers, int embedding)
    {
        var config = new ModelConfig { Cell = cell, VocabularySize = 65, HiddenSize = hidden, Layers = layers, EmbeddingSize = embedding };
        ModelWeights weights = HashedWeights.Make(config, 0.3f);
        float[] expected = Run(weights, config, lanes: 1, lane: 0, threads: 1, width: 4);
        foreach (int width in new[] { 4, 8, 16 })
        {
            foreach (int threads in new[] { 1, 2 })
            {
                foreach (int lanes in new[] { 1, 2, 3, 7, 16, 64, 1000 })
                {
                    foreach (int lane in new[] { 0, lanes / 2, lanes - 1 }.Distinct())
                    {
                        float[] actual = Run(weights, config, lanes, lane, threads, width);
                        Assert.True(expected.AsSpan().SequenceEqual(actual), $"width {width}, {threads} threads, lane {lane} of {lanes}");
                    }
                }
            }
        }
    }

    [Fact]
    public void StepsOfFewerLanesLeaveTheOthersAlone()
    {
        var config = new ModelConfig { Cell = CellType.Lstm, VocabularySize = 5, HiddenSize = 20, Layers = 2 };
        using ILanguageModelRuntime model = Load(config, HashedWeights.Make(config));
        using IInferenceSession session = model.CreateSession(5);
        session.Step([1, 2, 3, 4, 0], default);
        float[] before = State(session, 3), after = State(session, 1);
        session.Step([4, 4], default);
        Assert.Equal(before, State(session, 3));
        Assert.NotEqual(after, State(session, 1));
    }

    [Fact]
    public void StatesAreCopiedReadWrittenAndReset()
    {
        foreach (CellType cell in Enum.GetValues<CellType>())
        {
            var config = new ModelConfig { Cell = cell, VocabularySize = 5, HiddenSize = 19, Layers = 2, InitialState = InitialState.Ones };
            using ILanguageModelRuntime model = Load(config, HashedWeights.Make(config));
            using IInferenceSession session = model.CreateSession(3);
            Assert.Equal(2 * config.StatesPerLayer * 19, session.StateSize);
            float[] start = State(session, 2);
            session.Step([1, 2, 3], default);
            session.Copy(2, 0);
            Assert.Equal(State(session, 2), State(session, 0));
            float[] other = State(session, 1);
            using IInferenceSession second = model.CreateSession(1);
            second.WriteState(0, other);
            float[] a = new float[15], b = new float[5];
            session.Step([0, 4, 0], a);
            second.Step([4], b);
            Assert.Equal(a[5..10], b);
            session.Reset(2);
            Assert.Equal(start, State(session, 2));
        }
    }

    [Fact]
    public void ConditionsChooseTheStartingState()
    {
        var config = new ModelConfig { Cell = CellType.Gru, VocabularySize = 5, HiddenSize = 6, Conditions = 2 };
        ModelWeights weights = HashedWeights.Make(config);
        using ILanguageModelRuntime model = Load(config, weights);
        using IInferenceSession session = model.CreateSession(1);
        session.Reset(0, 1);
        Assert.Equal(weights["condition.weight"].Values[6..], State(session, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Reset(0, 2));
        session.Reset(0);
        Assert.All(State(session, 0), value => Assert.Equal(0, value));
    }

    [Fact]
    public void WrongArgumentsAreRefusedBeforeAnythingIsComputed()
    {
        var config = new ModelConfig { Cell = CellType.Gru, VocabularySize = 5, HiddenSize = 6 };
        using ILanguageModelRuntime model = Load(config, HashedWeights.Make(config));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateSession(0));
        using IInferenceSession session = model.CreateSession(2);
        float[] state = State(session, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Step([5], default));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Step([0, -1], default));
        Assert.Throws<ArgumentException>(() => session.Step([0, 0, 0], default));
        Assert.Throws<ArgumentException>(() => session.Step([0, 0], new float[9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Reset(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Reset(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Copy(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Copy(-1, 0));
        Assert.Throws<ArgumentException>(() => session.ReadState(0, new float[5]));
        Assert.Throws<ArgumentException>(() => session.WriteState(0, new float[7]));
        Assert.Equal(state, State(session, 0));
    }

    [Fact]
    public void ASessionOutlivesItsModelAndRefusesWorkOnceDisposed()
    {
        var config = new ModelConfig { Cell = CellType.Lstm, VocabularySize = 5, HiddenSize = 6 };
        ILanguageModelRuntime model = Load(config, HashedWeights.Make(config));
        IInferenceSession session = model.CreateSession(1);
        float[] before = new float[5], after = new float[5];
        float[] start = State(session, 0);
        session.Step([3], before);
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.CreateSession(1));
        session.WriteState(0, start);
        session.Step([3], after);
        Assert.Equal(before, after);
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Step([3], after));
        Assert.Throws<ObjectDisposedException>(() => session.Reset(0));
        Assert.Throws<ObjectDisposedException>(() => session.ReadState(0, start));
    }

    [Fact]
    public void ManySessionsOfAModelRunAtOnce()
    {
        var config = new ModelConfig { Cell = CellType.Gru, VocabularySize = 65, HiddenSize = 200, EmbeddingSize = 10, Layers = 2 };
        ModelWeights weights = HashedWeights.Make(config, 0.3f);
        using var model = new ManagedLanguageModel(config, weights, threads: 2, VectorMath.Lanes);
        float[] expected = Run(weights, config, lanes: 2, lane: 1, threads: 1, width: VectorMath.Lanes);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using IInferenceSession session = model.CreateSession(2);
            Assert.Equal(expected, Run(session, config, 2, 1));
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void StepsAllocateNothing(int threads)
    {
        var config = new ModelConfig { Cell = CellType.Lstm, VocabularySize = 65, HiddenSize = 256, EmbeddingSize = 10 };
        using var model = new ManagedLanguageModel(config, HashedWeights.Make(config), threads, VectorMath.Lanes);
        using IInferenceSession session = model.CreateSession(3);
        int[] tokens = [1, 2, 3];
        float[] logits = new float[3 * 65];
        for (int i = 0; i < 50; i++)
            session.Step(tokens, logits);
        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 200; i++)
                session.Step(tokens, logits);
        });
        Assert.Equal(0, allocated);
    }

    private static ManagedLanguageModel Load(ModelConfig config, ModelWeights weights) =>
        new(config, weights, threads: 1, VectorMath.Lanes);

    private static float[] State(IInferenceSession session, int lane)
    {
        float[] state = new float[session.StateSize];
        session.ReadState(lane, state);
        return state;
    }

    private static void AssertAgrees(ModelConfig config, int condition = -1, int steps = 6)
    {
        ModelWeights weights = HashedWeights.Make(config);
        var reference = new ReferenceModel(config, weights);
        using ILanguageModelRuntime model = Load(config, weights);
        using IInferenceSession session = model.CreateSession(2);
        session.Reset(0, condition);
        session.Reset(1, condition);
        var states = new[] { reference.Start(condition), reference.Start(condition) };
        float[] logits = new float[2 * config.VocabularySize];
        for (int t = 0; t < steps; t++)
        {
            int[] tokens = [(7 * t) % config.VocabularySize, (config.VocabularySize - 1 + t) % config.VocabularySize];
            session.Step(tokens, logits);
            for (int lane = 0; lane < 2; lane++)
            {
                double[] expected = reference.Step(tokens[lane], states[lane]);
                double scale = Math.Max(1, expected.Max(Math.Abs));
                for (int i = 0; i < expected.Length; i++)
                    Assert.Equal(expected[i], logits[(lane * config.VocabularySize) + i], 3e-5 * scale);
            }
        }
    }

    private static float[] Run(ModelWeights weights, ModelConfig config, int lanes, int lane, int threads, int width)
    {
        using var model = new ManagedLanguageModel(config, weights, threads, width);
        using IInferenceSession session = model.CreateSession(lanes);
        return Run(session, config, lanes, lane);
    }

    /// <summary>Runs three steps, the lane of interest with tokens of its own; returns its last logits and state.</summary>
    private static float[] Run(IInferenceSession session, ModelConfig config, int lanes, int lane)
    {
        float[] logits = new float[lanes * config.VocabularySize];
        for (int t = 0; t < 3; t++)
        {
            int[] tokens = [.. Enumerable.Range(0, lanes).Select(i => (i + (11 * t)) % config.VocabularySize)];
            tokens[lane] = 40 + t;
            session.Step(tokens, logits);
        }

        return [.. logits.AsSpan(lane * config.VocabularySize, config.VocabularySize), .. State(session, lane)];
    }
}
