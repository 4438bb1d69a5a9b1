using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;

namespace RnnLm.TorchSharp.Tests;

public sealed class LeakTests
{
    public static TheoryData<CellType, double, bool> Models => new()
    {
        { CellType.Rnn, 0, true },
        { CellType.Gru, 0.3, true },
        { CellType.Lstm, 0, false },
        { CellType.Lstm, 0.3, true },
    };

    [LibTorchTheory]
    [MemberData(nameof(Models))]
    public void TrainingLeavesNoTensors(CellType cell, double dropout, bool lengths)
    {
        ModelConfig config = SmallModels.Config(cell, layers: 2) with { InitialState = InitialState.Learned, Conditions = 2 };
        foreach (OptimizerKind kind in Enum.GetValues<OptimizerKind>())
        {
            LiveTensors.AssertUnchangedBy(() =>
            {
                using ITrainingSession session =
                    SmallModels.Train(config, new OptimizerOptions { Kind = kind, Momentum = 0.9, ClipValue = 1 }, dropout: dropout);
                int[]? ends = lengths ? [6, 5, 2, 1] : null;
                bool[] free = [.. Enumerable.Range(0, 24).Select(i => i % 5 == 4)];
                for (int step = 0; step < 3; step++)
                {
                    session.Accumulate(SmallModels.Batch(config, step, lengths: ends));
                    session.Accumulate(SmallModels.Batch(config, step, lengths: ends, freeRunning: free));
                    session.Update(0.01);
                    session.Evaluate(SmallModels.Batch(config, step, lengths: ends));
                }

                session.Accumulate(SmallModels.Batch(config));
                session.RestoreState(session.SaveState());
                var weights = new ModelWeights(config);
                session.ReadWeights(weights);
                session.WriteWeights(weights);
                session.ReadGradients(weights);
                session.TakeStatistics();
                session.Accumulate(SmallModels.Batch(config));
            });
        }
    }

    [LibTorchFact]
    public void TrainingLeavesNoTensorsInsideTheCallersScope()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm, layers: 2) with { InitialState = InitialState.Learned };
        LiveTensors.AssertUnchangedBy(() =>
        {
            ITrainingSession session;
            using (torch.NewDisposeScope())
            {
                session = SmallModels.Train(config, dropout: 0.1);
                SmallModels.Step(session, SmallModels.Batch(config));
            }

            // What the session keeps does not go with the scope it happened to be made in.
            SmallModels.Step(session, SmallModels.Batch(config, 1));
            Assert.Equal(2, session.TakeStatistics().Count);
            session.Dispose();
        });
    }

    [LibTorchFact]
    public void FailedCallsLeaveNoTensors()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm);
        using ITrainingSession session = SmallModels.Train(config, dropout: 0.1);
        SmallModels.Step(session, SmallModels.Batch(config));
        LiveTensors.AssertUnchangedBy(() =>
        {
            Assert.Throws<ArgumentException>(() =>
                session.Accumulate(SmallModels.Batch(config with { VocabularySize = 1000 }, shift: 500)));
            // This one is found wrong only after the forward pass.
            var half = new Minibatch { Length = 6, BatchSize = 4, Inputs = SmallModels.Batch(config).Inputs, Targets = [] };
            Assert.Throws<ArgumentException>(() => session.Accumulate(half));
            Assert.Throws<ArgumentException>(() => session.Evaluate(half));
            Assert.Throws<FormatException>(() => session.RestoreState([]));
            Assert.Throws<ArgumentException>(() =>
                SmallModels.Engine.LoadLanguageModel(config with { HiddenSize = 6 }, SmallModels.Weights(config), new InferenceOptions()));
        });
    }

    [LibTorchFact]
    public void ClassifierLeavesNoTensors()
    {
        foreach (Pooling pooling in Enum.GetValues<Pooling>())
        {
            ModelConfig config = SmallModels.Config(layers: 2) with { Task = ModelTask.Classification, Classes = 3, Bidirectional = true,
                Pooling = pooling };
            LiveTensors.AssertUnchangedBy(() =>
            {
                using ITrainingSession session = SmallModels.Train(config, dropout: 0.1);
                SmallModels.Step(session, SmallModels.Batch(config, lengths: [6, 4, 3, 1]));
                session.Evaluate(SmallModels.Batch(config));
                using IClassifierRuntime model =
                    SmallModels.Engine.LoadClassifier(config, SmallModels.Weights(config), new InferenceOptions());
                model.Classify(SmallModels.Batch(config, lengths: [6, 4, 3, 1]), new float[12]);
            });
        }
    }

    [LibTorchTheory]
    [InlineData(CellType.Gru)]
    [InlineData(CellType.Lstm)]
    public void InferenceLeavesNoTensors(CellType cell)
    {
        ModelConfig config = SmallModels.Config(cell, layers: 2) with { Conditions = 2 };
        LiveTensors.AssertUnchangedBy(() =>
        {
            using ILanguageModelRuntime model =
                SmallModels.Engine.LoadLanguageModel(config, SmallModels.Weights(config), new InferenceOptions());
            using IInferenceSession session = model.CreateSession(3);
            session.Reset(1, condition: 1);
            session.Step([1, 2, 3], new float[21]);
            session.Step([1, 2], []);
            session.Copy(0, 2);
            var state = new float[session.StateSize];
            session.ReadState(2, state);
            session.WriteState(1, state);
            Assert.ThrowsAny<Exception>(() => session.Step([700], new float[7]));
            Assert.ThrowsAny<Exception>(() => session.WriteState(1, new float[2]));
            Assert.Throws<ArgumentOutOfRangeException>(() => session.Reset(3));
        });
    }
}
