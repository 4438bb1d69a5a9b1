using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Tests;

namespace RnnLm.TorchSharp.Tests;

/// <summary>Training stopped and resumed gives the same bits as training that was not.</summary>
public sealed class ResumeTests
{
    public static TheoryData<OptimizerKind, double> Optimizers => new()
    {
        { OptimizerKind.Sgd, 0 },
        { OptimizerKind.Sgd, 0.9 },
        { OptimizerKind.Adagrad, 0 },
        { OptimizerKind.RmsProp, 0 },
        { OptimizerKind.RmsProp, 0.9 },
        { OptimizerKind.Adam, 0 },
        { OptimizerKind.AdamW, 0 },
    };

    [LibTorchTheory]
    [MemberData(nameof(Optimizers))]
    public void ResumedEqualsUninterrupted(OptimizerKind kind, double momentum)
    {
        foreach (CellType cell in Enum.GetValues<CellType>())
        {
            ModelConfig config = SmallModels.Config(cell, layers: 2);
            AssertResumes(config, new OptimizerOptions { Kind = kind, Momentum = momentum, WeightDecay = 0.01, ClipNorm = 0.5 });
        }
    }

    [LibTorchFact]
    public void ResumedBetweenBatchesOfOneUpdateEqualsUninterrupted()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm);
        var optimizer = new OptimizerOptions { AccumulationSteps = 2 };
        using ITrainingSession whole = SmallModels.Train(config, optimizer), first = SmallModels.Train(config, optimizer),
            second = SmallModels.Train(config, optimizer);
        foreach (ITrainingSession session in new[] { whole, first })
        {
            SmallModels.Step(session, SmallModels.Batch(config));
            session.Accumulate(SmallModels.Batch(config, 1));
        }

        Move(first, second, config);
        foreach (ITrainingSession session in new[] { whole, second })
        {
            session.Accumulate(SmallModels.Batch(config, 2));
            session.Update(0.01);
        }

        Assert.Equal(SmallModels.Flat(whole, config), SmallModels.Flat(second, config));
    }

    [LibTorchFact]
    public void RestoreStateBeforeTheFirstStepForgetsTheCarriedState()
    {
        ModelConfig config = SmallModels.Config();
        using ITrainingSession session = SmallModels.Train(config), fresh = SmallModels.Train(config);
        IReadOnlyList<WeightTensor> start = session.SaveState();
        SmallModels.Step(session, SmallModels.Batch(config), learningRate: 0);
        session.RestoreState(start);
        SmallModels.Step(session, SmallModels.Batch(config));
        SmallModels.Step(fresh, SmallModels.Batch(config));
        Assert.Equal(SmallModels.Flat(fresh, config), SmallModels.Flat(session, config));
    }

    [LibTorchFact]
    public void RestoreStateOfAnotherOptimizerOrModelSaysWhatIsWrong()
    {
        ModelConfig config = SmallModels.Config();
        using ITrainingSession adam = SmallModels.Train(config);
        using ITrainingSession sgd = SmallModels.Train(config, new OptimizerOptions { Kind = OptimizerKind.Sgd });
        using ITrainingSession larger = SmallModels.Train(config with { HiddenSize = 6 });
        FormatException missing = Assert.Throws<FormatException>(() => adam.RestoreState(sgd.SaveState()));
        Assert.Contains("exp_avg", missing.Message, StringComparison.Ordinal);
        FormatException shape = Assert.Throws<FormatException>(() => adam.RestoreState(larger.SaveState()));
        Assert.Contains("shape", shape.Message, StringComparison.Ordinal);
    }

    /// <summary>The state that is carried, the moments and the counters of a damaged file are refused before they reach libtorch.</summary>
    [LibTorchFact]
    public void DamagedStateIsRefusedByName()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm);
        using ITrainingSession session = SmallModels.Train(config, seed: 5, dropout: 0.3);
        SmallModels.Step(session, SmallModels.Batch(config));
        IReadOnlyList<WeightTensor> state = session.SaveState();
        Assert.Contains(state, tensor => tensor.Name == "state.cell");
        foreach (WeightTensor tensor in state)
        {
            WeightTensor[] others = [.. state.Where(other => other != tensor)];
            int[][] shapes = [[.. tensor.Shape, 1], [.. tensor.Shape.SkipLast(1), tensor.Shape[^1] + 1]];
            WeightTensor[] reshaped = [.. shapes.Select(shape => new WeightTensor(tensor.Name, shape))];
            Assert.All(reshaped, damaged => Refuses([.. others, damaged], tensor.Name));
            // Without a hidden state training starts from the model's own.
            if (tensor.Name != "state.hidden")
                Refuses(others, tensor.Name);
            if (tensor.Values.Length != 4)
                continue;
            foreach (float value in new[] { -1f, 0.5f, 65_536, float.NaN, float.PositiveInfinity })
            {
                var counter = new WeightTensor(tensor.Name, 4);
                counter.Values[3] = value;
                Refuses([.. others, counter], tensor.Name);
            }
        }

        void Refuses(WeightTensor[] damaged, string name)
        {
            FormatException fault = Assert.Throws<FormatException>(() => session.RestoreState(damaged));
            Assert.Contains($"'{name}'", fault.Message, StringComparison.Ordinal);
        }
    }

    [LibTorchFact]
    public void ACheckpointOfTheOtherEngineIsRefused()
    {
        using var folder = new TempFolder();
        LanguageModelOptions Options(EngineKind engine) => new()
        {
            Model = { HiddenSize = 8, EmbeddingSize = 4 },
            Training = { Epochs = 0, MaxSteps = 2, Seed = 1, CheckpointPath = folder["c"], Resume = true },
            Device = { Engine = engine, Device = "cpu", Threads = 1 },
        };
        TextRow[] rows = [.. Enumerable.Range(0, 40).Select(i => TextRow.Row($"order {i} was sent"))];
        RnnLanguageModel.Train(rows, Options(EngineKind.Managed)).Dispose();

        CheckpointException fault = Assert.Throws<CheckpointException>(() => RnnLanguageModel.Train(rows, Options(EngineKind.TorchSharp)));

        Assert.Contains("is of another training: Device.Engine was Managed, is TorchSharp. Give", fault.Message, StringComparison.Ordinal);
    }

    private static void AssertResumes(ModelConfig config, OptimizerOptions optimizer)
    {
        using ITrainingSession whole = SmallModels.Train(config, optimizer, seed: 5, dropout: 0.3);
        using ITrainingSession first = SmallModels.Train(config, optimizer, seed: 5, dropout: 0.3);
        using ITrainingSession second = SmallModels.Train(config, optimizer, seed: 5, dropout: 0.3);
        for (int step = 0; step < 8; step++)
        {
            SmallModels.Step(whole, SmallModels.Batch(config, step));
            if (step == 4)
                Move(first, second, config);
            SmallModels.Step(step < 4 ? first : second, SmallModels.Batch(config, step));
        }

        Assert.Equal(SmallModels.Flat(whole, config), SmallModels.Flat(second, config));
        Assert.NotEqual(SmallModels.Flat(first, config), SmallModels.Flat(second, config));
    }

    private static void Move(ITrainingSession from, ITrainingSession to, ModelConfig config)
    {
        var weights = new ModelWeights(config);
        from.ReadWeights(weights);
        to.WriteWeights(weights);
        to.RestoreState(from.SaveState());
    }
}
