using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Managed;
using RnnLm.Managed.Training;
using RnnLm.Modeling;

namespace RnnLm.Tests;

/// <summary>
/// Whatever the number of threads, the same bits: in training, in evaluation and in classification, for minibatches of few and of short
/// sequences. All minibatches run through one session, so that each meets what the one before has left.
/// </summary>
public class ThreadCountTests
{
    private static readonly int[] s_threads = [2, 3, 8, 9, 16, 64, 256];

    // Longest first; a window of 1, rows of 1, a single sequence, last ones short and not so short, many sequences.
    private static readonly int[][] s_lengths =
    [
        [1], [6], [1, 1], [7, 1], [8, 5], [3, 3, 3], [9, 8, 6], [5, 4, 4, 1, 1], [7, 6, 6, 5, 4], [2, 2, 2, 2, 2, 2, 2, 2, 2],
            [9, 9, 8, 8, 7, 3, 2, 1, 1, 1, 1],
        [.. Enumerable.Repeat(1, 40)], [.. Enumerable.Range(0, 70).Select(b => 7 - (b / 15))], [12], [1],
    ];

    private static readonly ModelConfig s_model = new()
    {
        Cell = CellType.Lstm, VocabularySize = 11, HiddenSize = 33, EmbeddingSize = 7, Layers = 2,
    };

    private static readonly ModelConfig s_classifier = s_model with { Task = ModelTask.Classification, Bidirectional = true, Classes = 5 };

    private static readonly DropoutRates s_dropout = new() { BetweenLayers = 0.2, Input = 0.1, Output = 0.2, Recurrent = 0.1 };

    private static readonly (ModelConfig Config, DropoutRates Dropout)[] s_models =
        [.. Enum.GetValues<CellType>().SelectMany(cell => new (ModelConfig, DropoutRates)[]
    {
        (s_model with { Cell = cell }, s_dropout),
        (s_model with { Cell = cell, EmbeddingSize = 0, Layers = 1 }, s_dropout),
        (s_model with { Cell = cell, EmbeddingSize = 33, TieWeights = true, InitialState = InitialState.Learned, Conditions = 3 },
        s_dropout with { Input = 0, Recurrent = 0 }),
        (s_classifier with { Cell = cell }, s_dropout),
        (s_classifier with { Cell = cell, EmbeddingSize = 0, Layers = 1, Pooling = Pooling.Mean, InitialState = InitialState.Learned },
        s_dropout with { Recurrent = 0 }),
        (s_classifier with { Cell = cell, Pooling = Pooling.Max, Bidirectional = false }, s_dropout),
    })];

    public static TheoryData<int> Models() => [.. Enumerable.Range(0, s_models.Length)];

    [Theory]
    [MemberData(nameof(Models))]
    public void TrainingHasTheSameBitsForAnyNumberOfThreads(int model)
    {
        (ModelConfig config, DropoutRates dropout) = s_models[model];
        List<float[]> expected = TrainSharingAll(config, dropout, threads: 1);
        foreach (int threads in s_threads)
        {
            foreach ((int i, float[] numbers) in TrainSharingAll(config, dropout, threads).Index())
                Assert.True(expected[i].AsSpan().SequenceEqual(numbers), $"{threads} threads, result {i}");
        }
    }

    [Theory]
    [InlineData(CellType.Rnn)]
    [InlineData(CellType.Gru)]
    [InlineData(CellType.Lstm)]
    public void RunningHasTheSameBitsForAnyNumberOfThreads(CellType cell)
    {
        // Large enough that a step of two texts is shared out.
        ModelConfig config = new() { Cell = cell, VocabularySize = 200, HiddenSize = 260, EmbeddingSize = 50, Layers = 2 };
        ModelWeights weights = FormulaModels.Weights(config);
        foreach (int lanes in new[] { 1, 2, 3, 9, 70 })
        {
            float[] expected = Run(config, weights, lanes, threads: 1);
            foreach (int threads in s_threads)
                Assert.True(expected.AsSpan().SequenceEqual(Run(config, weights, lanes, threads)), $"{threads} threads, {lanes} texts");
        }
    }

    [Fact]
    public void OrdinarySettingsTooHaveTheSameBits()
    {
        // Beside the tests above, which share out whatever there is: a model and minibatch for which threads are woken by the rule that
        // users get.
        ModelConfig config = s_model with { HiddenSize = 200 };
        var options = new TrainingSessionOptions { Optimizer = new(), Dropout = s_dropout };
        List<float[]> expected = Train(config, options), actual = Train(config, options with { Threads = 16 });
        foreach ((int i, float[] numbers) in actual.Index())
            Assert.Equal(expected[i], numbers);
    }

    private static List<float[]> TrainSharingAll(ModelConfig config, DropoutRates dropout, int threads) =>
        Train(config, new() { Optimizer = new() { ClipNorm = 1 }, Dropout = dropout, Threads = threads, Seed = 5, WorkPerThread = 1 });

    private static List<float[]> Train(ModelConfig config, TrainingSessionOptions options)
    {
        var results = new List<float[]>();
        using ITrainingSession session = new ManagedEngine().StartTraining(config, FormulaModels.Weights(config), options);
        var weights = new ModelWeights(config);
        foreach ((int i, int[] lengths) in s_lengths.Index())
        {
            // Windows come without lengths, rows with them though all be equal.
            int[]? given = lengths.Distinct().Count() == 1 && i % 2 == 0 ? null : lengths;
            Minibatch batch = FormulaModels.Batch(config, lengths[0], lengths.Length, given, carry: config.Task == ModelTask.LanguageModel);
            session.Accumulate(batch);
            session.Accumulate(batch);
            session.Update(0.01);
            if (config.Task == ModelTask.LanguageModel)
            {
                batch.FreeRunning = [.. batch.Inputs.Select((_, i) => i % 3 == 1)];
                session.Accumulate(batch);
                session.Update(0.01);
            }

            EvaluationResult evaluation = session.Evaluate(batch);
            session.ReadWeights(weights);
            results.Add([.. weights.SelectMany(t => t.Values), .. Bits(evaluation.LossSum), evaluation.Correct]);
            results.Add([.. session.TakeStatistics().SelectMany(s => Bits(s.Loss).Concat(Bits(s.GradientNorm)))]);
        }

        return results;
    }

    private static float[] Run(ModelConfig config, ModelWeights weights, int lanes, int threads)
    {
        using ILanguageModelRuntime model = new ManagedEngine().LoadLanguageModel(config, weights, new() { Threads = threads });
        using IInferenceSession session = model.CreateSession(lanes);
        var results = new List<float>();
        float[] logits = new float[lanes * config.VocabularySize];
        for (int step = 0; step < 3; step++)
        {
            // The last step is of fewer texts.
            int stepped = step < 2 ? lanes : (lanes + 1) / 2;
            session.Step([.. Enumerable.Range(0, stepped).Select(lane => ((7 * lane) + step) % config.VocabularySize)], logits);
            results.AddRange(logits);
        }

        return [.. results];
    }

    // A double's bits as two floats that are never NaN.
    private static IEnumerable<float> Bits(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        return [(bits >> 40) & 0xFFFFFF, (bits >> 20) & 0xFFFFF, bits & 0xFFFFF];
    }
}
