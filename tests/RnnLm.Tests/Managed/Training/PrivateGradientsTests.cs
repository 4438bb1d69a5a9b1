using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Managed;
using RnnLm.Modeling;

namespace RnnLm.Tests;

/// <summary>The gradient of a private step: rows clipped one by one, added up, noise on top.</summary>
public class PrivateGradientsTests
{
    private const double NoNoise = 1e-12;

    private static readonly int[] s_lengths = [9, 8, 8, 6, 5, 5, 4, 2, 1];

    private static readonly ModelConfig s_model =
        new() { Cell = CellType.Lstm, VocabularySize = 11, HiddenSize = 33, EmbeddingSize = 7, Layers = 2 };

    private static readonly ModelConfig[] s_models = [.. Enum.GetValues<CellType>().SelectMany(cell => new[]
    {
        s_model with { Cell = cell },
        s_model with { Cell = cell, EmbeddingSize = 0, Layers = 1 },
        s_model with { Cell = cell, EmbeddingSize = 33, TieWeights = true, InitialState = InitialState.Learned, Conditions = 3 },
        s_model with { Cell = cell, Task = ModelTask.Classification, Bidirectional = true, Classes = 5, Pooling = Pooling.Mean },
    })];

    public static TheoryData<int> Models() => [.. Enumerable.Range(0, s_models.Length)];

    /// <summary>By brute force: each row is a minibatch of one on the ordinary path, whose gradient is clipped and summed here.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void IsTheSumOfTheRowsClippedOneByOne(int model)
    {
        ModelConfig config = s_models[model];
        Minibatch batch = FormulaModels.Batch(config, s_lengths[0], s_lengths.Length, s_lengths);
        double[][] rows = [.. Enumerable.Range(0, s_lengths.Length)
            .Select(b => Gradient(config, batch.Sequence(b, layers: 1), privacy: null))];
        double[] norms = [.. rows.Select(row => Math.Sqrt(row.Sum(g => g * g)))];
        // Of a norm in the middle, so that some rows are clipped and others are not.
        double clip = norms.Order().ElementAt(norms.Length / 2) * 1.001, mean = 1 / 4.5;
        Assert.InRange(norms.Count(norm => norm > clip), 2, norms.Length - 2);

        double[] found = Gradient(config, batch, new(NoNoise, clip, ExpectedRows: 4.5));

        var expected = new double[found.Length];
        foreach ((double[] row, double norm) in rows.Zip(norms))
        {
            for (int i = 0; i < expected.Length; i++)
                expected[i] += row[i] * Math.Min(1, clip / norm) * mean;
        }

        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-5 * largest);
    }

    /// <summary>No row moves the sum by more than the norm, however large its gradient: the guarantee rests on that.</summary>
    [Fact]
    public void ARowMoreChangesTheSumByTheClippingNormAtMost()
    {
        foreach (ModelConfig config in s_models)
        {
            foreach (double clip in (double[])[1e-3, 0.1, 1])
            {
                int[] more = [30, .. s_lengths];
                Minibatch large = FormulaModels.Batch(config, 30, more.Length, more);
                double[] all = Gradient(config, large, new(NoNoise, clip, ExpectedRows: 1), LossReduction.Sum);
                double[] less = Gradient(config, WithoutFirst(large), new(NoNoise, clip, ExpectedRows: 1), LossReduction.Sum);
                double moved = Math.Sqrt(all.Zip(less, (a, b) => (a - b) * (a - b)).Sum());
                Assert.InRange(moved, config.Task == ModelTask.Classification ? 0 : clip * 0.2, clip * (1 + 1e-5));
            }
        }
    }

    [Fact]
    public void NoiseHasTheDeviationAskedForAndIsDrawnAnewEachStep()
    {
        ModelConfig config = s_model;
        const double Noise = 1.3, Clip = 0.5, Rows = 8;
        const int Steps = 200;
        using ITrainingSession session = Start(config, new(Noise, Clip, Rows));
        var gradients = new ModelWeights(config);
        int count = (int)gradients.ParameterCount;
        double[] sums = new double[count], squares = new double[count], before = new double[count];
        double products = 0, neighbours = 0, fourths = 0;
        for (int step = 0; step < Steps; step++)
        {
            session.Accumulate(Empty());
            session.ReadGradients(gradients);
            double[] noise = [.. gradients.SelectMany(tensor => tensor.Values).Select(value => value * Rows / (Noise * Clip))];
            for (int i = 0; i < count; i++)
            {
                sums[i] += noise[i];
                squares[i] += noise[i] * noise[i];
                fourths += Math.Pow(noise[i], 4);
                products += noise[i] * before[i];
                neighbours += i > 0 ? noise[i] * noise[i - 1] : 0;
            }

            before = noise;
            // Steps of the optimiser go by in between; at a rate of 0 the weights stay.
            session.Update(0);
        }

        double all = (double)Steps * count, error = 5 / Math.Sqrt(all);
        Assert.Equal(0, sums.Sum() / all, error);
        Assert.Equal(1, squares.Sum() / all, 1.5 * error);
        Assert.Equal(3, fourths / all, 10 * error);
        Assert.Equal(0, products / all, error);
        Assert.Equal(0, neighbours / all, error);
        // No element is left out, and none has its noise from another.
        Assert.All(squares, square => Assert.InRange(square / Steps, 0.5, 1.6));
        Assert.All(sums, sum => Assert.InRange(sum / Steps, -6 / Math.Sqrt(Steps), 6 / Math.Sqrt(Steps)));
        Assert.Equal(count, before.Distinct().Count(), count / 1000.0);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void TheBitsAreTheSameForAnyNumberOfThreads(int model)
    {
        ModelConfig config = s_models[model];
        float[] expected = Train(threads: 1);
        foreach (int threads in (int[])[2, 3, 16])
            Assert.Equal(expected, Train(threads));

        float[] Train(int threads)
        {
            using ITrainingSession session = Start(config, new(0.8, 0.3, 6), threads);
            for (int step = 0; step < 4; step++)
            {
                int[] lengths = s_lengths[..(9 - (2 * step))];
                session.Accumulate(step == 2 ? Empty() : FormulaModels.Batch(config, lengths[0], lengths.Length, lengths));
                session.Update(0.05);
            }

            var weights = new ModelWeights(config);
            session.ReadWeights(weights);
            EvaluationResult evaluation = session.Evaluate(FormulaModels.Batch(config, 9, 9, s_lengths));
            return [.. weights.SelectMany(tensor => tensor.Values), (float)evaluation.LossSum,
                .. session.TakeStatistics().Select(step => (float)step.Loss)];
        }
    }

    /// <summary>What stands in the padding of the engine's arrays must stay zero: it is read in products.</summary>
    [Fact]
    public void NoNoiseComesIntoThePadding()
    {
        ModelConfig config = s_model with { HiddenSize = 5, EmbeddingSize = 3 };
        using ITrainingSession session = Start(config, new(50, 1, 1)), copy = Start(config, privacy: null);
        Minibatch batch = FormulaModels.Batch(config, 9, 9, s_lengths);
        for (int step = 0; step < 3; step++)
        {
            session.Accumulate(batch);
            session.Update(0.01);
        }

        var weights = new ModelWeights(config);
        session.ReadWeights(weights);
        copy.WriteWeights(weights);
        Assert.Equal(copy.Evaluate(batch).LossSum, session.Evaluate(batch).LossSum);
    }

    [Fact]
    public void LossesAreThoseOfTheRows()
    {
        Minibatch batch = FormulaModels.Batch(s_model, 9, 9, s_lengths);
        using ITrainingSession session = Start(s_model, new(1, 1, 9)), plain = Start(s_model, privacy: null);
        EvaluationResult expected = plain.Evaluate(batch);
        session.Accumulate(batch);
        session.Update(0);
        session.Accumulate(Empty());
        session.Update(0);
        IReadOnlyList<StepStatistics> steps = session.TakeStatistics();
        Assert.Equal(expected.Loss, steps[0].Loss, 1e-6);
        Assert.Equal((expected.Targets, 0L, 0.0), (steps[0].Targets, steps[1].Targets, steps[1].Loss));
    }

    /// <summary>A row whose gradient is no number would make the sum none, and so tell that it is there.</summary>
    [Fact]
    public void ARowWhoseGradientIsNoNumberDoesNotCount()
    {
        ModelConfig config = s_model with { EmbeddingSize = 7, Layers = 1 };
        ModelWeights weights = FormulaModels.Weights(config);
        // The token 10 is read by the second row alone.
        weights["embedding.weight"].Values.AsSpan(10 * 7, 7).Fill(float.NaN);
        Minibatch Batch(int second) => new()
        {
            Length = 2,
            BatchSize = 2,
            Inputs = [1, 2, 3, second],
            Targets = [3, 4, 5, 6],
            Lengths = [2, 2]
        };
        double[] found = Gradient(config, Batch(10), new(NoNoise, 1, 1), weights: weights);
        double[] alone = Gradient(config, Batch(4).Sequence(0, 1), new(NoNoise, 1, 1), weights: weights);
        Assert.All(found, gradient => Assert.True(double.IsFinite(gradient)));
        Assert.Equal(alone, found);
    }

    [Fact]
    public void DropoutMasksAreEachRowsOwn()
    {
        var dropout = new DropoutRates { BetweenLayers = 0.5, Input = 0.5, Output = 0.5, Recurrent = 0.3 };
        Minibatch one = FormulaModels.Batch(s_model, 6, 1, [6]);
        Minibatch twice = new()
        {
            Length = 6,
            BatchSize = 2,
            Inputs = [.. one.Inputs.SelectMany(token => new[] { token, token })],
            Targets = [.. one.Targets.SelectMany(token => new[] { token, token })],
            Lengths = [6, 6],
        };
        double[] single = Gradient(s_model, one, new(NoNoise, 1e6, 1), dropout: dropout),
            both = Gradient(s_model, twice, new(NoNoise, 1e6, 1), dropout: dropout);
        // Of the same mask twice the gradient would be twice that of one.
        double apart = single.Zip(both, (a, b) => Math.Abs((2 * a) - b)).Max();
        Assert.True(apart > 0.1 * single.Max(Math.Abs), $"{apart}");
    }

    private static Minibatch Empty() => new() { Length = 0, BatchSize = 0, Inputs = [], Targets = [], Lengths = [] };

    private static Minibatch WithoutFirst(Minibatch batch)
    {
        T[] Rest<T>(T[] all) => [.. all.Where((_, i) => i % batch.BatchSize > 0)];
        return new()
        {
            Length = batch.Length,
            BatchSize = batch.BatchSize - 1,
            Inputs = Rest(batch.Inputs),
            Targets = Rest(batch.Targets),
            Lengths = batch.Lengths![1..],
            Conditions = batch.Conditions?[1..],
            Labels = batch.Labels?[1..],
        };
    }

    private static double[] Gradient(
        ModelConfig config, Minibatch batch, GradientPrivacy? privacy, LossReduction reduction = LossReduction.Mean,
        ModelWeights? weights = null, DropoutRates? dropout = null)
    {
        using ITrainingSession session = Start(config, privacy, 2, reduction, weights, dropout);
        session.Accumulate(batch);
        var gradients = new ModelWeights(config);
        session.ReadGradients(gradients);
        return [.. gradients.SelectMany(tensor => tensor.Values).Select(value => (double)value)];
    }

    private static ITrainingSession Start(
        ModelConfig config, GradientPrivacy? privacy, int threads = 1, LossReduction reduction = LossReduction.Mean,
        ModelWeights? weights = null, DropoutRates? dropout = null) =>
        new ManagedEngine().StartTraining(config, weights ?? FormulaModels.Weights(config), new()
        {
            Optimizer = new() { ClipNorm = 0 },
            Privacy = privacy,
            LossReduction = reduction,
            Dropout = dropout ?? DropoutRates.None,
            Threads = threads,
            Seed = 7,
            WorkPerThread = 1,
        });
}
