using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Tests;

namespace RnnLm.TorchSharp.Tests;

public sealed class TorchSharpInferenceTests
{
    public static TheoryData<string> LanguageModels =>
    [
        .. PyTorchFixture.All
            .Where(fixture => fixture.Config.Task == ModelTask.LanguageModel && fixture.Accumulate == 1 && !fixture.Free)
            .Where(fixture => fixture.LabelSmoothing == 0)
            .Select(fixture => fixture.Name),
    ];

    /// <summary>The loss that the logits of single steps give is that of PyTorch's first step of training, in all start states.</summary>
    [LibTorchTheory]
    [MemberData(nameof(LanguageModels))]
    public void StepsGiveTheLossOfPyTorch(string name)
    {
        PyTorchFixture fixture = PyTorchFixture.Named(name);
        ModelConfig config = fixture.Config;
        Minibatch batch = fixture.Batch(0);
        using ILanguageModelRuntime model =
            SmallModels.Engine.LoadLanguageModel(config, SmallModels.Weights(config), new InferenceOptions());
        using IInferenceSession session = model.CreateSession(batch.BatchSize);
        Start(session, fixture);
        var logits = new float[batch.BatchSize * config.VocabularySize];
        double sum = 0;
        int count = 0;
        for (int t = 0; t < batch.Length; t++)
        {
            session.Step(batch.Inputs.AsSpan(t * batch.BatchSize, batch.BatchSize), logits);
            for (int b = 0; b < batch.BatchSize; b++)
            {
                int target = batch.Targets[(t * batch.BatchSize) + b];
                if (target == Minibatch.Ignore)
                    continue;
                sum += CrossEntropy(logits.AsSpan(b * config.VocabularySize, config.VocabularySize), target);
                count++;
            }
        }

        Assert.Equal(fixture.Losses[0], sum / count, 1e-5);
    }

    [LibTorchFact]
    public void StepWithoutLogitsMovesTheStateAlike()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm, layers: 2);
        using ILanguageModelRuntime model = Load(config);
        using IInferenceSession one = model.CreateSession(2), other = model.CreateSession(2);
        one.Step([1, 2], new float[14]);
        other.Step([1, 2], []);
        Assert.Equal(State(one, 1), State(other, 1));
    }

    [LibTorchFact]
    public void StepOfTheFirstLanesLeavesTheOthersAlone()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm, layers: 2);
        using ILanguageModelRuntime model = Load(config);
        using IInferenceSession session = model.CreateSession(3), pair = model.CreateSession(2);
        session.Step([1, 2, 3], []);
        pair.Step([1, 2], []);
        float[] third = State(session, 2);
        float[] logits = new float[14], expected = new float[14];
        session.Step([4, 5], logits);
        pair.Step([4, 5], expected);
        Assert.Equal(third, State(session, 2));
        Assert.All(expected.Zip(logits), both => Assert.Equal(both.First, both.Second, 1e-5f));
    }

    [LibTorchFact]
    public void LanesAreCopiedResetReadAndWritten()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm, layers: 2) with { InitialState = InitialState.Learned, Conditions = 3 };
        ModelWeights weights = SmallModels.Weights(config);
        using ILanguageModelRuntime model = Load(config);
        using IInferenceSession session = model.CreateSession(3);
        Assert.Equal(2 * 2 * 5, session.StateSize);
        Assert.Equal(weights["initial_state"].Values, State(session, 1));
        session.Step([1, 2, 3], []);
        float[] first = State(session, 0);
        session.Copy(0, 2);
        Assert.Equal(first, State(session, 2));
        session.Reset(0, condition: 2);
        Assert.Equal(weights["condition.weight"].Values[40..60], State(session, 0));
        session.Reset(0);
        Assert.Equal(weights["initial_state"].Values, State(session, 0));
        session.WriteState(1, first);
        float[] logits = new float[21];
        session.Step([4, 4, 4], logits);
        Assert.All(logits[7..14].Zip(logits[14..]), both => Assert.Equal(both.First, both.Second, 1e-6f));
    }

    [LibTorchFact]
    public void ResetOfAModelThatStartsFromOnesGivesOnes()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm) with { InitialState = InitialState.Ones };
        using ILanguageModelRuntime model = Load(config);
        using IInferenceSession session = model.CreateSession(1);
        session.Step([1], []);
        session.Reset(0);
        Assert.Equal([1, 1, 1, 1, 1, 0, 0, 0, 0, 0], State(session, 0));
    }

    [LibTorchFact]
    public void WrongArgumentsAreNamed()
    {
        ModelConfig config = SmallModels.Config() with { Conditions = 2 };
        using ILanguageModelRuntime model = Load(config);
        using IInferenceSession session = model.CreateSession(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateSession(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Step([7], []));
        Assert.Throws<ArgumentException>(() => session.Step([1, 2, 3], []));
        Assert.Throws<ArgumentException>(() => session.Step([1, 2], new float[7]));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Reset(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Reset(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Copy(0, -1));
        session.Step([], []);
    }

    [LibTorchFact]
    public void AModelIsLoadedAsWhatItIs()
    {
        ModelConfig language = SmallModels.Config(), classifier = language with { Task = ModelTask.Classification, Classes = 3 };
        Assert.Throws<ArgumentException>(() =>
            SmallModels.Engine.LoadClassifier(language, SmallModels.Weights(language), new InferenceOptions()));
        Assert.Throws<ArgumentException>(() =>
            SmallModels.Engine.LoadLanguageModel(classifier, SmallModels.Weights(classifier), new InferenceOptions()));
    }

    [LibTorchFact]
    public void ManyThreadsOnOneModelGiveWhatOneGives()
    {
        ModelConfig config = SmallModels.Config(CellType.Gru, layers: 2);
        using ILanguageModelRuntime model = Load(config);
        float[] Run(int first)
        {
            using IInferenceSession session = model.CreateSession(2);
            var logits = new float[14];
            for (int i = 0; i < 40; i++)
                session.Step([(first + i) % 7, (first + (2 * i)) % 7], logits);
            return logits;
        }

        float[][] alone = [.. Enumerable.Range(0, 16).Select(Run)];
        float[][] together = new float[16][];
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => together[i] = Run(i));
        Assert.Equal(alone, together);
    }

    [LibTorchFact]
    public void ASessionOutlivesItsModel()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm);
        LiveTensors.AssertUnchangedBy(() =>
        {
            ILanguageModelRuntime model = Load(config);
            IInferenceSession session = model.CreateSession(1);
            model.Dispose();
            model.Dispose();
            session.Step([1], new float[7]);
            Assert.Throws<ObjectDisposedException>(() => model.CreateSession(1));
            session.Dispose();
            session.Dispose();
            Assert.Throws<ObjectDisposedException>(() => session.Reset(0));
        });
    }

    [LibTorchFact]
    public async Task DisposingWhileOthersRunTakesNothingFromThem()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm, layers: 2) with { HiddenSize = 64 };
        for (int round = 0; round < 5; round++)
        {
            ILanguageModelRuntime model = Load(config);
            using var started = new CountdownEvent(4);
            Task[] runners = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
            {
                using IInferenceSession session = model.CreateSession(2);
                started.Signal();
                for (int i = 0; i < 50; i++)
                    session.Step([i % 7, 1], new float[14]);
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
            started.Wait();
            model.Dispose();
            await Task.WhenAll(runners);
            Assert.Throws<ObjectDisposedException>(() => model.CreateSession(1));
        }
    }

    private static ILanguageModelRuntime Load(ModelConfig config) =>
        SmallModels.Engine.LoadLanguageModel(config, SmallModels.Weights(config), new InferenceOptions());

    private static float[] State(IInferenceSession session, int lane)
    {
        var state = new float[session.StateSize];
        session.ReadState(lane, state);
        return state;
    }

    /// <summary>Puts the lanes where the fixture's sequences start.</summary>
    private static void Start(IInferenceSession session, PyTorchFixture fixture)
    {
        int hidden = fixture.Config.HiddenSize, layerState = session.StateSize / fixture.Config.Layers;
        for (int lane = 0; lane < fixture.BatchSize; lane++)
        {
            session.Reset(lane, fixture.Conditions?[lane] ?? -1);
            if (fixture.InitialHidden is null)
                continue;
            var state = new float[session.StateSize];
            for (int layer = 0; layer < fixture.Config.Layers; layer++)
                fixture.InitialHidden.AsSpan(((layer * fixture.BatchSize) + lane) * hidden, hidden)
                    .CopyTo(state.AsSpan(layer * layerState));
            session.WriteState(lane, state);
        }
    }

    private static double CrossEntropy(ReadOnlySpan<float> logits, int target)
    {
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit);
        return Math.Log(sum) - logits[target];
    }
}
