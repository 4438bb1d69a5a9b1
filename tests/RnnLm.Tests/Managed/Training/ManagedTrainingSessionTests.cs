using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Managed;
using RnnLm.Managed.Training;
using RnnLm.Modeling;

namespace RnnLm.Tests;

public class ManagedTrainingSessionTests
{
    private static readonly ModelConfig s_config = new()
    {
        Cell = CellType.Lstm, VocabularySize = 29, HiddenSize = 65, Layers = 2, EmbeddingSize = 17,
    };

    private static readonly ModelConfig s_classifier = new()
    {
        Task = ModelTask.Classification, Cell = CellType.Gru, VocabularySize = 29, HiddenSize = 33, Layers = 2, EmbeddingSize = 17,
            Bidirectional = true, Classes = 5,
    };

    private static readonly DropoutRates s_dropout = new() { BetweenLayers = 0.3, Input = 0.1, Output = 0.2, Recurrent = 0.1 };

    private static readonly (ModelConfig Config, int BatchSize)[] s_models =
    [
        (s_config, 1),
        (s_config, 37),
        (s_config with { Cell = CellType.Gru, EmbeddingSize = 0, HiddenSize = 257 }, 3),
        (s_config with { Cell = CellType.Rnn, HiddenSize = 100, Layers = 1 }, 65),
        (s_config with { Cell = CellType.Gru, EmbeddingSize = 65, TieWeights = true }, 17),
        (s_classifier, 37),
        (s_classifier with { Cell = CellType.Lstm, Pooling = Pooling.Max, EmbeddingSize = 0 }, 65),
    ];

    public static TheoryData<int> Models() => [.. Enumerable.Range(0, s_models.Length)];

    [Theory]
    [MemberData(nameof(Models))]
    public void ThreadsAndRepetitionDoNotChangeABit(int model)
    {
        (ModelConfig config, int batchSize) = s_models[model];
        float[] one = Train(config, batchSize, threads: 1), two = Train(config, batchSize, threads: 2),
            again = Train(config, batchSize, threads: 2), three = Train(config, batchSize, threads: 3);
        Assert.Equal(one, two);
        Assert.Equal(two, again);
        Assert.Equal(one, three);
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Adagrad)]
    [InlineData(OptimizerKind.RmsProp)]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.AdamW)]
    public void RestoredTrainingGoesOnToTheSameBits(OptimizerKind kind)
    {
        var options = new TrainingSessionOptions
        {
            Optimizer = new() { Kind = kind, Momentum = 0.9 },
            Dropout = s_dropout,
            Threads = 2,
            Seed = 7
        };
        Minibatch batch = FormulaModels.Batch(s_config, length: 9, size: 6, carry: true);
        using ITrainingSession whole = Start(s_config, options), first = Start(s_config, options);
        Step(whole, batch, 6);
        Step(first, batch, 3);
        var weights = new ModelWeights(s_config);
        first.ReadWeights(weights);
        using ITrainingSession second = new ManagedEngine().StartTraining(s_config, weights, options);
        second.RestoreState(first.SaveState());
        Step(second, batch, 3);
        Assert.Equal(Weights(whole, s_config), Weights(second, s_config));
        Assert.Equal(Flat(whole.SaveState()), Flat(second.SaveState()));
    }

    [Fact]
    public void AnotherModelsStateIsRefusedAndChangesNothing()
    {
        using ITrainingSession session = Start(s_config), other = Start(s_config with { HiddenSize = 12 });
        Step(session, FormulaModels.Batch(s_config, length: 5, size: 2), 2);
        float[] before = Flat(session.SaveState());
        FormatException wrong = Assert.Throws<FormatException>(() => session.RestoreState(other.SaveState()));
        Assert.Contains("shape", wrong.Message, StringComparison.Ordinal);
        WeightTensor[] incomplete = [.. session.SaveState().Where(t => t.Name != "exp_avg.output.bias")];
        FormatException missing = Assert.Throws<FormatException>(() => session.RestoreState(incomplete));
        Assert.Contains("exp_avg.output.bias", missing.Message, StringComparison.Ordinal);
        Assert.Equal(before, Flat(session.SaveState()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AStepAllocatesNothing(int threads)
    {
        foreach (ModelConfig config in new[] { s_config, s_classifier })
        {
            var optimizer = new OptimizerOptions { ClipValue = 1 };
            var options = new TrainingSessionOptions { Optimizer = optimizer, Dropout = s_dropout, LabelSmoothing = 0.1 };
            using ITrainingSession session = Start(config, options with { Threads = threads });
            Minibatch batch = FormulaModels.Batch(config, length: 7, size: 32,
                lengths: config == s_classifier ? [.. Enumerable.Range(0, 32).Select(b => 7 - (b / 5))] : null, carry: true);
            Step(session, batch, 3);
            Assert.Equal(0, Allocations.Least(() => Step(session, batch, 5)));
        }
    }

    [Fact]
    public void WeightsComeOutAsTheyWentIn()
    {
        foreach (ModelConfig config in new[] { s_config, s_classifier,
            s_config with { Cell = CellType.Gru, EmbeddingSize = 0, Conditions = 3, InitialState = InitialState.Learned } })
        {
            using ITrainingSession session = Start(config);
            Assert.Equal(FormulaModels.Weights(config).SelectMany(t => t.Values), Weights(session, config));
        }
    }

    /// <summary>A batch counts as its share of an update where the mean is followed, and by its targets where the sum is.</summary>
    [Theory]
    [InlineData(LossReduction.Mean, 4, 0.25)]
    [InlineData(LossReduction.Sum, 1, 18)]
    [InlineData(LossReduction.Sum, 4, 18)]
    public void GradientsAreScaledAndAddUp(LossReduction reduction, int accumulated, double scale)
    {
        Minibatch batch = FormulaModels.Batch(s_config, length: 5, size: 4);
        Assert.Equal(18, batch.Targets.Count(target => target >= 0));
        using ITrainingSession one = Start(s_config),
            session = Start(s_config, new() { Optimizer = new() { AccumulationSteps = accumulated }, LossReduction = reduction });
        one.Accumulate(batch);
        session.Accumulate(batch);
        session.Accumulate(batch);
        foreach ((float a, float b) in Gradients(one, s_config).Zip(Gradients(session, s_config)))
            Assert.Equal(2 * scale * a, b, 1e-5 * scale);
    }

    /// <summary>The mean loss is over the weights of the texts' classes; the sum is the sum of the weighted losses; an evaluation does not
    /// weight.</summary>
    [Fact]
    public void ClassWeightsCountInTrainingAlone()
    {
        Minibatch batch = FormulaModels.Batch(s_classifier, length: 5, size: 7);
        float[] weights = [0.5f, 2, 1, 0.25f, 3];
        double total = batch.Labels!.Sum(label => weights[label]);
        using ITrainingSession plain = Start(s_classifier);
        using ITrainingSession mean = Start(s_classifier, new() { Optimizer = new(), ClassWeights = weights });
        using ITrainingSession sum =
            Start(s_classifier, new() { Optimizer = new(), ClassWeights = weights, LossReduction = LossReduction.Sum });
        double expected = 0;
        for (int b = 0; b < 7; b++)
        {
            int[] text = [.. Enumerable.Range(0, 5).Select(t => batch.Inputs[(t * 7) + b])];
            expected += weights[batch.Labels![b]] * plain.Evaluate(new() { Length = 5, BatchSize = 1, Inputs = text, Targets = [],
                Labels = [batch.Labels[b]] }).Loss;
        }

        foreach (ITrainingSession session in (ITrainingSession[])[mean, sum])
        {
            Assert.Equal(plain.Evaluate(batch).LossSum, session.Evaluate(batch).LossSum);
            session.Accumulate(batch);
        }

        foreach ((float a, float b) in Gradients(mean, s_classifier).Zip(Gradients(sum, s_classifier)))
            Assert.Equal(total * a, b, 1e-5);
        mean.Update(0);
        Assert.Equal(expected / total, mean.TakeStatistics()[0].Loss, 1e-5);
    }

    /// <summary>A training loss has the cross-entropy with every output in it; an evaluation has not.</summary>
    [Fact]
    public void LabelSmoothingCountsInTrainingAlone()
    {
        const double Smoothing = 0.3;
        using ITrainingSession plain = Start(s_config), smoothed = Start(s_config, new() { Optimizer = new(), LabelSmoothing = Smoothing });
        int[] inputs = [3, 14, 15, 9];
        EvaluationResult[] each = [.. Enumerable.Range(0, s_config.VocabularySize).Select(target => plain.Evaluate(With(target)))];

        smoothed.Accumulate(With(5));
        smoothed.Update(0);

        double expected = ((1 - Smoothing) * each[5].Loss) + (Smoothing * each.Average(result => result.Loss));
        Assert.NotEqual(each[5].Loss, expected, 1e-2);
        Assert.Equal(expected, smoothed.TakeStatistics()[0].Loss, 1e-5);
        Assert.Equal(each[5], smoothed.Evaluate(With(5)));

        Minibatch With(int target) => new() { Length = 4, BatchSize = 1, Inputs = inputs, Targets = [-1, target, -1, target] };
    }

    [Fact]
    public void OptionsThatDoNotFitAreRefused()
    {
        foreach (double smoothing in new[] { -0.1, 1, double.NaN })
        {
            var options = new TrainingSessionOptions { Optimizer = new(), LabelSmoothing = smoothing };
            string fault = Assert.ThrowsAny<ArgumentException>(() => Start(s_config, options)).Message;
            Assert.Contains("LabelSmoothing", fault, StringComparison.Ordinal);
        }

        Assert.Contains("3 weights, but the model has 5 classes",
            Assert.ThrowsAny<ArgumentException>(() => Start(s_classifier, new() { Optimizer = new(), ClassWeights = [1, 1, 1] })).Message,
                StringComparison.Ordinal);
        Assert.Contains("Dropout",
            Assert.ThrowsAny<ArgumentException>(() => Start(s_config, new() { Optimizer = new(), Dropout = new() { Output = 1 } })).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluationIsTheLossWithoutDropoutAndLeavesTrainingAlone()
    {
        var dropping = new TrainingSessionOptions { Optimizer = new(), Dropout = s_dropout };
        Minibatch batch = FormulaModels.Batch(s_config, length: 9, size: 6, carry: true);
        using ITrainingSession without = Start(s_config), evaluated = Start(s_config, dropping), alone = Start(s_config, dropping);
        EvaluationResult result = evaluated.Evaluate(batch);
        without.Accumulate(batch);
        without.Update(0);
        Assert.Equal(without.TakeStatistics()[0].Loss, result.Loss, 1e-6);
        Assert.Equal(batch.Targets.Count(t => t >= 0), result.Targets);
        Assert.InRange(result.Correct, 0, result.Targets);

        // The second evaluation goes on from the state of the first; training does not.
        Assert.NotEqual(result.LossSum, evaluated.Evaluate(batch).LossSum);
        Step(evaluated, batch, 2);
        Step(alone, batch, 2);
        Assert.Equal(Weights(alone, s_config), Weights(evaluated, s_config));

        // After a step, too, nothing is dropped in an evaluation.
        var weights = new ModelWeights(s_config);
        alone.ReadWeights(weights);
        using ITrainingSession trained = Start(s_config);
        trained.WriteWeights(weights);
        Minibatch fresh = FormulaModels.Batch(s_config, length: 9, size: 6);
        Assert.Equal(trained.Evaluate(fresh).LossSum, alone.Evaluate(fresh).LossSum);
    }

    [Fact]
    public void CarriedWindowsContinueTheText()
    {
        ModelConfig config = s_config;
        Minibatch whole = FormulaModels.Batch(config, length: 8, size: 3);
        using ITrainingSession session = Start(config), other = Start(config);
        EvaluationResult once = session.Evaluate(whole), halves = default;
        foreach ((int from, bool carry) in new[] { (0, false), (4, true) })
        {
            halves += other.Evaluate(new Minibatch
            {
                Length = 4, BatchSize = 3, Inputs = whole.Inputs[(from * 3)..((from + 4) * 3)],
                    Targets = whole.Targets[(from * 3)..((from + 4) * 3)], CarryState = carry,
            });
        }

        Assert.Equal(once.LossSum, halves.LossSum, 1e-4);
        Assert.Equal(once.Targets, halves.Targets);
    }

    [Fact]
    public void FreeRunningReadsTheModelsOwnChoice()
    {
        ModelConfig config = s_config;
        Minibatch given = FormulaModels.Batch(config, length: 6, size: 3);
        using ITrainingSession session = Start(config);
        using ILanguageModelRuntime model = new ManagedEngine().LoadLanguageModel(config, FormulaModels.Weights(config), new());
        using IInferenceSession lanes = model.CreateSession(3);
        int[] tokens = [.. given.Inputs], next = given.Inputs[..3];
        bool[] free = [.. given.Inputs.Select((_, i) => i >= 3 && i % 4 != 0)];
        float[] logits = new float[3 * config.VocabularySize];
        for (int lane = 0; lane < 3; lane++)
            lanes.Reset(lane);
        for (int t = 0; t < 6; t++)
        {
            for (int b = 0; b < 3; b++)
                tokens[(t * 3) + b] = free[(t * 3) + b] ? next[b] : tokens[(t * 3) + b];
            lanes.Step(tokens.AsSpan(t * 3, 3), logits);
            for (int b = 0; b < 3; b++)
                next[b] = logits.AsSpan(b * config.VocabularySize, config.VocabularySize)
                    .IndexOf(logits.Skip(b * config.VocabularySize).Take(config.VocabularySize).Max());
        }

        Assert.NotEqual(given.Inputs, tokens);
        Minibatch running = new() { Length = 6, BatchSize = 3, Inputs = given.Inputs, Targets = given.Targets, FreeRunning = free };
        Minibatch chosen = new() { Length = 6, BatchSize = 3, Inputs = tokens, Targets = given.Targets };
        Assert.Equal(session.Evaluate(chosen).LossSum, session.Evaluate(running).LossSum, 1e-5);
        session.Accumulate(chosen);
        float[] expected = Gradients(session, config);
        session.Accumulate(running);
        foreach ((float a, float b) in expected.Zip(Gradients(session, config)))
            Assert.Equal(2 * a, b, 1e-5);
    }

    [Fact]
    public void ATextsClassDoesNotDependOnItsNeighboursOrPadding()
    {
        using ITrainingSession session = Start(s_classifier);
        Minibatch batch = FormulaModels.Batch(s_classifier, length: 7, size: 3, lengths: [7, 4, 2]);
        for (int c = 0; c < 5; c++)
        {
            EvaluationResult alone = default;
            for (int b = 0; b < 3; b++)
            {
                int[] text = [.. Enumerable.Range(0, batch.Lengths![b]).Select(t => batch.Inputs[(t * 3) + b])];
                alone += session.Evaluate(new Minibatch
                {
                    Length = text.Length,
                    BatchSize = 1,
                    Inputs = text,
                    Targets = [],
                    Labels = [(b + c) % 5]
                });
            }

            EvaluationResult together = session.Evaluate(new Minibatch
            {
                Length = batch.Length, BatchSize = 3, Inputs = batch.Inputs, Lengths = batch.Lengths, Targets = [],
                    Labels = [.. Enumerable.Range(0, 3).Select(b => (b + c) % 5)],
            });
            Assert.Equal(alone.LossSum, together.LossSum, 1e-5);
            Assert.Equal(alone.Labels, together.Labels);
        }
    }

    [Fact]
    public void DropoutDropsItsShareAnewAtEachStep()
    {
        // With one row, the gradient of the output's weights vanishes where the input was dropped. The weights are small, so that no
        // probability is 0 or 1.
        ModelConfig config = new() { Cell = CellType.Rnn, VocabularySize = 4, HiddenSize = 1000 };
        ModelWeights weights = FormulaModels.Weights(config);
        foreach (WeightTensor tensor in weights)
            System.Numerics.Tensors.TensorPrimitives.Multiply(tensor.Values, 0.01f, tensor.Values);
        using ITrainingSession session =
            new ManagedEngine().StartTraining(config, weights, new() { Optimizer = new(), Dropout = new() { Output = 0.3 } });
        Minibatch batch = new() { Length = 1, BatchSize = 1, Inputs = [1], Targets = [2] };
        var gradients = new ModelWeights(config);
        bool[][] dropped = new bool[2][];
        for (int step = 0; step < 2; step++)
        {
            session.Accumulate(batch);
            session.ReadGradients(gradients);
            dropped[step] = [.. gradients["output.weight"].Values[..1000].Select(g => g == 0)];
            Assert.InRange(dropped[step].Count(d => d), 240, 360);
            session.Update(0);
        }

        Assert.InRange(dropped[0].Zip(dropped[1]).Count(d => d.First && d.Second), 50, 140);
    }

    [Fact]
    public void BatchesThatDoNotFitAreRefused()
    {
        using ITrainingSession session = Start(s_config), classifier = Start(s_classifier);
        AssertRefused("input 29", new() { Length = 1, BatchSize = 2, Inputs = [0, 29], Targets = [1, 1] });
        AssertRefused("target -2", new() { Length = 1, BatchSize = 2, Inputs = [0, 2], Targets = [1, -2] });
        AssertRefused("holds 1 inputs", new() { Length = 1, BatchSize = 2, Inputs = [0], Targets = [1] });
        AssertRefused("not sorted", new() { Length = 2, BatchSize = 2, Inputs = [0, 0, 0, 0], Targets = [0, 0, 0, 0], Lengths = [1, 2] });
        AssertRefused("length 3", new() { Length = 2, BatchSize = 1, Inputs = [0, 0], Targets = [0, 0], Lengths = [3] });
        AssertRefused("no targets", new() { Length = 1, BatchSize = 1, Inputs = [0], Targets = [] });
        Assert.Contains("label 5", Assert.Throws<ArgumentException>(() => classifier.Accumulate(new() { Length = 1, BatchSize = 1,
            Inputs = [0], Targets = [], Labels = [5] })).Message, StringComparison.Ordinal);

        void AssertRefused(string fault, Minibatch batch) =>
            Assert.Contains(fault, Assert.Throws<ArgumentException>(() => session.Accumulate(batch)).Message, StringComparison.Ordinal);
    }

    private static float[] Train(ModelConfig config, int batchSize, int threads)
    {
        using ITrainingSession session = Start(config, new()
        {
            Optimizer = new(),
            Dropout = config.EmbeddingSize == 17 ? s_dropout : s_dropout with { Input = 0 },
            Threads = threads,
            Seed = 11
        });
        int[]? lengths = config.Task == ModelTask.Classification
            ? [.. Enumerable.Range(0, batchSize).Select(b => 8 - (b * 7 / batchSize))]
            : null;
        Step(session, FormulaModels.Batch(config, length: 8, size: batchSize, lengths: lengths, carry: true), 3);
        return [.. Weights(session, config), .. session.TakeStatistics().Select(s => (float)s.Loss)];
    }

    private static ITrainingSession Start(ModelConfig config, TrainingSessionOptions? options = null) =>
        new ManagedEngine().StartTraining(config, FormulaModels.Weights(config), options ?? new() { Optimizer = new() });

    private static void Step(ITrainingSession session, Minibatch batch, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            session.Accumulate(batch);
            session.Update(0.01);
        }
    }

    private static float[] Weights(ITrainingSession session, ModelConfig config)
    {
        var weights = new ModelWeights(config);
        session.ReadWeights(weights);
        return Flat(weights);
    }

    private static float[] Gradients(ITrainingSession session, ModelConfig config)
    {
        var gradients = new ModelWeights(config);
        session.ReadGradients(gradients);
        return Flat(gradients);
    }

    private static float[] Flat(IEnumerable<WeightTensor> tensors) => [.. tensors.SelectMany(t => t.Values)];
}
