using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Managed.Training;
using RnnLm.Modeling;

namespace RnnLm.TorchSharp.Tests;

public sealed class TorchSharpTrainingSessionTests
{
    [LibTorchFact]
    public void TwoRunsWithOneSeedGiveTheSameBitsAndWithAnotherSeedOthers()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm, layers: 2);
        float[] Run(ulong seed)
        {
            using ITrainingSession session = SmallModels.Train(config, seed: seed, dropout: 0.4);
            for (int step = 0; step < 5; step++)
                SmallModels.Step(session, SmallModels.Batch(config, step));
            return SmallModels.Flat(session, config);
        }

        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
    }

    [LibTorchFact]
    public void DropoutDrawsNewMasksForEachPassAndNoneInEvaluation()
    {
        ModelConfig config = SmallModels.Config(layers: 2);
        using ITrainingSession session = SmallModels.Train(config, dropout: 0.5), plain = SmallModels.Train(config);
        for (int i = 0; i < 2; i++)
            SmallModels.Step(session, SmallModels.Batch(config, carry: false), learningRate: 0);
        IReadOnlyList<StepStatistics> steps = session.TakeStatistics();
        Assert.NotEqual(steps[0].Loss, steps[1].Loss);
        Assert.Equal(plain.Evaluate(SmallModels.Batch(config)).LossSum, session.Evaluate(SmallModels.Batch(config)).LossSum, 1e-4);
    }

    /// <summary>A pass without some recurrent weights is one of a model that has zeros there, and gives those no gradient; the weights are
    /// back after it.</summary>
    [LibTorchTheory]
    [InlineData(CellType.Rnn)]
    [InlineData(CellType.Lstm)]
    [InlineData(CellType.Gru)]
    public void RecurrentDropoutIsAModelWithoutSomeOfItsRecurrentWeights(CellType cell)
    {
        const double rate = 0.4;
        ModelConfig config = SmallModels.Config(cell, layers: 2);
        Minibatch batch = SmallModels.Batch(config, carry: false);
        using ITrainingSession session = SmallModels.Train(config, new TrainingSessionOptions
        {
            Optimizer = new OptimizerOptions(),
            Dropout = new() { Recurrent = rate }
        });
        float[] before = SmallModels.Flat(session, config);
        session.Accumulate(batch);
        var gradients = new ModelWeights(config);
        session.ReadGradients(gradients);
        Assert.Equal(before, SmallModels.Flat(session, config));

        ModelWeights left = SmallModels.Weights(config);
        int recurrent = 0, dropped = 0;
        foreach (WeightTensor tensor in left.Where(tensor => tensor.Name.Contains("weight_hh", StringComparison.Ordinal)))
        {
            float[] gradient = gradients[tensor.Name].Values;
            for (int i = 0; i < gradient.Length; i++)
                tensor.Values[i] = gradient[i] == 0 ? 0 : tensor.Values[i] / (float)(1 - rate);
            (recurrent, dropped) = (recurrent + gradient.Length, dropped + gradient.Count(value => value == 0));
        }

        Assert.InRange(dropped, 0.2 * recurrent, 0.6 * recurrent);
        using ITrainingSession without =
            SmallModels.Engine.StartTraining(config, left, new TrainingSessionOptions { Optimizer = new OptimizerOptions(), Threads = 1 });
        without.Accumulate(batch);
        var expected = new ModelWeights(config);
        without.ReadGradients(expected);
        foreach (WeightTensor tensor in expected)
        {
            bool masked = tensor.Name.Contains("weight_hh", StringComparison.Ordinal);
            float[] actual = gradients[tensor.Name].Values;
            for (int i = 0; i < actual.Length; i++)
                Assert.Equal(!masked ? tensor.Values[i] : actual[i] == 0 ? 0 : tensor.Values[i] / (1 - rate), actual[i], 1e-5);
        }

        // A second batch of the same update adds to the gradients, with a mask of its own.
        session.Accumulate(batch);
        var both = new ModelWeights(config);
        session.ReadGradients(both);
        Assert.Contains(both.Zip(gradients), pair => pair.First.Name.Contains("weight_hh", StringComparison.Ordinal)
            && pair.First.Values.Zip(pair.Second.Values).Any(values => values.First == values.Second && values.First != 0));
        Assert.Contains(both.Zip(gradients), pair => pair.First.Name.Contains("weight_hh", StringComparison.Ordinal)
            && pair.First.Values.Zip(pair.Second.Values).Any(values => values.First != 0 && values.Second == 0));
    }

    /// <summary>With dropout the layers run one by one: with masks that drop nothing, they do what the fused call does.</summary>
    [LibTorchTheory]
    [InlineData(CellType.Rnn)]
    [InlineData(CellType.Lstm)]
    [InlineData(CellType.Gru)]
    public void LayersOneByOneAgreeWithFusedLayers(CellType cell)
    {
        ModelConfig config = SmallModels.Config(cell, layers: 3);
        using ITrainingSession one = SmallModels.Train(config);
        using ITrainingSession other = SmallModels.Train(config, new TrainingSessionOptions
        {
            Optimizer = new OptimizerOptions(),
            Dropout = new() { BetweenLayers = 1e-12 }
        });
        for (int step = 0; step < 5; step++)
        {
            SmallModels.Step(one, SmallModels.Batch(config, step, lengths: [6, 6, 3, 1]));
            SmallModels.Step(other, SmallModels.Batch(config, step, lengths: [6, 6, 3, 1]));
        }

        float[] expected = SmallModels.Flat(one, config), actual = SmallModels.Flat(other, config);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [LibTorchFact]
    public void StatisticsAreOneForEachUpdateTheMeanOverItsBatches()
    {
        ModelConfig config = SmallModels.Config();
        using ITrainingSession session = SmallModels.Train(config, new OptimizerOptions { AccumulationSteps = 2 });
        EvaluationResult first = session.Evaluate(SmallModels.Batch(config, carry: false)),
            second = session.Evaluate(SmallModels.Batch(config, length: 2, carry: false));
        session.Accumulate(SmallModels.Batch(config, carry: false));
        session.Accumulate(SmallModels.Batch(config, length: 2, carry: false));
        session.Update(0);
        SmallModels.Step(session, SmallModels.Batch(config, carry: false));
        IReadOnlyList<StepStatistics> steps = session.TakeStatistics();
        Assert.Equal(2, steps.Count);
        Assert.Equal(24 + 8, steps[0].Targets);
        Assert.Equal((first.Loss + second.Loss) / 2, steps[0].Loss, 1e-5);
        Assert.Equal(first.Loss, steps[1].Loss, 1e-5);
        Assert.Empty(session.TakeStatistics());
    }

    /// <summary>A batch counts as its share of an update where the mean is followed, and by its targets where the sum is.</summary>
    [LibTorchTheory]
    [InlineData(LossReduction.Mean, 4, 0.25)]
    [InlineData(LossReduction.Sum, 1, 24)]
    [InlineData(LossReduction.Sum, 4, 24)]
    public void GradientsAreScaledAndAddUp(LossReduction reduction, int accumulated, double scale)
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm);
        Minibatch batch = SmallModels.Batch(config, carry: false);
        using ITrainingSession one = SmallModels.Train(config);
        using ITrainingSession session = SmallModels.Train(config, new TrainingSessionOptions
        {
            Optimizer = new OptimizerOptions { AccumulationSteps = accumulated },
            LossReduction = reduction,
        });

        one.Accumulate(batch);
        session.Accumulate(batch);
        session.Accumulate(batch);

        Assert.All(Gradients(one, config).Zip(Gradients(session, config)),
            pair => Assert.Equal(2 * scale * pair.First, pair.Second, 1e-5 * scale));
        session.Update(0);
        Assert.All(Gradients(session, config), gradient => Assert.Equal(0, gradient));
    }

    /// <summary>The mean loss is over the weights of the texts' classes; the sum is the sum of the weighted losses; an evaluation does not
    /// weight.</summary>
    [LibTorchFact]
    public void ClassWeightsCountInTrainingAlone()
    {
        ModelConfig config = SmallModels.Config() with { Task = ModelTask.Classification, Classes = 3 };
        Minibatch batch = SmallModels.Batch(config);
        float[] weights = [0.5f, 2, 3];
        using ITrainingSession plain = SmallModels.Train(config);
        using ITrainingSession mean =
            SmallModels.Train(config, new TrainingSessionOptions { Optimizer = new OptimizerOptions(), ClassWeights = weights });
        using ITrainingSession sum = SmallModels.Train(config, new TrainingSessionOptions
        {
            Optimizer = new OptimizerOptions(),
            ClassWeights = weights,
            LossReduction = LossReduction.Sum
        });
        foreach (ITrainingSession session in (ITrainingSession[])[mean, sum])
        {
            Assert.Equal(plain.Evaluate(batch).LossSum, session.Evaluate(batch).LossSum);
            session.Accumulate(batch);
        }

        double total = batch.Labels!.Sum(label => weights[label]);
        Assert.All(Gradients(mean, config).Zip(Gradients(sum, config)), pair => Assert.Equal(total * pair.First, pair.Second, 1e-5));
        mean.Update(0);
        Assert.NotEqual(plain.Evaluate(batch).Loss, mean.TakeStatistics()[0].Loss, 1e-3);
    }

    [LibTorchFact]
    public void LabelSmoothingCountsInTrainingAlone()
    {
        ModelConfig config = SmallModels.Config();
        Minibatch batch = SmallModels.Batch(config, carry: false);
        using ITrainingSession plain = SmallModels.Train(config);
        var options = new TrainingSessionOptions { Optimizer = new OptimizerOptions(), LabelSmoothing = 0.3 };
        using ITrainingSession smoothed = SmallModels.Train(config, options);
        EvaluationResult expected = plain.Evaluate(batch);

        Assert.Equal(expected, smoothed.Evaluate(batch));
        smoothed.Accumulate(batch);
        smoothed.Update(0);
        Assert.NotEqual(expected.Loss, smoothed.TakeStatistics()[0].Loss, 1e-3);
    }

    [LibTorchFact]
    public void CarriedStateGoesOnUnlessTheBatchHasAnotherSize()
    {
        ModelConfig config = SmallModels.Config();
        using ITrainingSession session = SmallModels.Train(config);
        double fresh = session.Evaluate(SmallModels.Batch(config)).Loss, carried = session.Evaluate(SmallModels.Batch(config)).Loss;
        Assert.NotEqual(fresh, carried);
        session.Evaluate(SmallModels.Batch(config, batchSize: 3));
        Assert.Equal(fresh, session.Evaluate(SmallModels.Batch(config)).Loss);
        Assert.Equal(fresh, session.Evaluate(SmallModels.Batch(config, carry: false)).Loss);
    }

    [LibTorchFact]
    public void EvaluateDoesNotDisturbTraining()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm, layers: 2);
        using ITrainingSession watched = SmallModels.Train(config, dropout: 0.2), alone = SmallModels.Train(config, dropout: 0.2);
        for (int step = 0; step < 4; step++)
        {
            SmallModels.Step(alone, SmallModels.Batch(config, step));
            SmallModels.Step(watched, SmallModels.Batch(config, step));
            watched.Evaluate(SmallModels.Batch(config, 9, batchSize: 2));
        }

        Assert.Equal(SmallModels.Flat(alone, config), SmallModels.Flat(watched, config));
    }

    [LibTorchFact]
    public void EvaluateCountsWhatIsRight()
    {
        ModelConfig config = SmallModels.Config();
        using ITrainingSession session = SmallModels.Train(config);
        for (int step = 0; step < 200; step++)
            SmallModels.Step(session, SmallModels.Batch(config, carry: false), learningRate: 0.05);
        EvaluationResult result = session.Evaluate(SmallModels.Batch(config, carry: false));
        Assert.Equal(24, result.Targets);
        Assert.Equal(24, result.Correct);
        Assert.True(result.Loss < 0.1, $"loss {result.Loss}");
    }

    [LibTorchFact]
    public void ABatchWithoutTargetsChangesNothing()
    {
        ModelConfig config = SmallModels.Config();
        using ITrainingSession session = SmallModels.Train(config, new OptimizerOptions { Kind = OptimizerKind.Sgd });
        float[] before = SmallModels.Flat(session, config);
        Minibatch batch = SmallModels.Batch(config);
        Array.Fill(batch.Targets, Minibatch.Ignore);
        SmallModels.Step(session, batch);
        Assert.Equal(before, SmallModels.Flat(session, config));
        Assert.Equal(new StepStatistics(0, 0, 0), Assert.Single(session.TakeStatistics()));
    }

    [LibTorchFact]
    public void ATextsLossDoesNotDependOnItsNeighbours()
    {
        ModelConfig config = SmallModels.Config(layers: 2) with { Task = ModelTask.Classification, Classes = 3, Bidirectional = true,
            Pooling = Pooling.Mean };
        using ITrainingSession session = SmallModels.Train(config);
        Minibatch batch = SmallModels.Batch(config, lengths: [6, 5, 3, 1]);
        EvaluationResult together = session.Evaluate(batch), alone = default;
        for (int b = 0; b < 4; b++)
        {
            int length = batch.Lengths![b];
            alone += session.Evaluate(new Minibatch
            {
                Length = length, BatchSize = 1, Targets = [], Labels = [batch.Labels![b]],
                    Inputs = [.. Enumerable.Range(0, length).Select(t => batch.Inputs[(t * 4) + b])],
            });
        }

        Assert.Equal(alone.LossSum, together.LossSum, 1e-5);
        Assert.Equal(alone.Labels, together.Labels);
    }

    [LibTorchFact]
    public void TheCallersGradModeDoesNotMatter()
    {
        ModelConfig config = SmallModels.Config();
        using ITrainingSession plain = SmallModels.Train(config), inside = SmallModels.Train(config);
        SmallModels.Step(plain, SmallModels.Batch(config));
        using (torch.no_grad())
            SmallModels.Step(inside, SmallModels.Batch(config));
        Assert.Equal(SmallModels.Flat(plain, config), SmallModels.Flat(inside, config));
    }

    [LibTorchFact]
    public void ALabelsBatchIsNeededToTrainAClassifier()
    {
        ModelConfig config = SmallModels.Config() with { Task = ModelTask.Classification, Classes = 3 };
        using ITrainingSession session = SmallModels.Train(config);
        ArgumentException fault = Assert.Throws<ArgumentException>(() => session.Accumulate(new Minibatch
        {
            Length = 1,
            BatchSize = 1,
            Inputs = [1],
            Targets = []
        }));
        Assert.Contains("labels", fault.Message, StringComparison.Ordinal);
    }

    [LibTorchFact]
    public void AfterDisposeEveryCallSaysSo()
    {
        ModelConfig config = SmallModels.Config();
        ITrainingSession session = SmallModels.Train(config);
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Accumulate(SmallModels.Batch(config)));
        Assert.Throws<ObjectDisposedException>(() => session.Update(0.1));
        Assert.Throws<ObjectDisposedException>(() => session.TakeStatistics());
        Assert.Throws<ObjectDisposedException>(() => session.Evaluate(SmallModels.Batch(config)));
        Assert.Throws<ObjectDisposedException>(() => session.SaveState());
        Assert.Throws<ObjectDisposedException>(() => session.ReadWeights(new ModelWeights(config)));
    }

    private static float[] Gradients(ITrainingSession session, ModelConfig config)
    {
        var gradients = new ModelWeights(config);
        session.ReadGradients(gradients);
        return [.. gradients.SelectMany(tensor => tensor.Values)];
    }
}
