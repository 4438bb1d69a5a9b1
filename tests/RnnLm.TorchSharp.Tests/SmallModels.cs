using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Managed.Training;
using RnnLm.Modeling;

namespace RnnLm.TorchSharp.Tests;

/// <summary>Models and batches for tests, small and by formula.</summary>
internal static class SmallModels
{
    public static TorchSharpEngine Engine { get; } = new();

    /// <summary>Weights by the formula of Fixtures/make_fixtures.py.</summary>
    public static ModelWeights Weights(ModelConfig config)
    {
        var weights = new ModelWeights(config);
        int number = 0;
        foreach (WeightTensor tensor in weights)
        {
            for (int i = 0; i < tensor.Values.Length; i++)
                tensor.Values[i] = (float)Value(number, i);
            number++;
        }

        return weights;
    }

    /// <summary>Tokens that follow a rule, with the next token of each lane as its target; another text for each
    /// <paramref name="shift"/>.</summary>
    public static Minibatch Batch(ModelConfig config, int shift = 0, int length = 6, int batchSize = 4, bool carry = true,
        int[]? lengths = null, bool[]? freeRunning = null)
    {
        int[] text = new int[(length + 1) * batchSize];
        for (int t = 0; t <= length; t++)
        {
            for (int b = 0; b < batchSize; b++)
                text[(t * batchSize) + b] = Token(t, b, shift, config.VocabularySize);
        }

        bool classify = config.Task == ModelTask.Classification;
        return new Minibatch
        {
            Length = length,
            BatchSize = batchSize,
            Inputs = text[..(length * batchSize)],
            Targets = classify ? [] : text[batchSize..],
            Labels = classify ? [.. Enumerable.Range(0, batchSize).Select(b => b % config.Classes)] : null,
            CarryState = carry,
            Lengths = lengths,
            FreeRunning = freeRunning,
        };
    }

    public static ModelConfig Config(CellType cell = CellType.Gru, int layers = 1, int embedding = 4) => new()
    {
        Cell = cell,
        VocabularySize = 7,
        HiddenSize = 5,
        Layers = layers,
        EmbeddingSize = embedding,
    };

    /// <summary>Starts to train, with one rate of dropout everywhere.</summary>
    public static ITrainingSession Train(ModelConfig config, OptimizerOptions? optimizer = null, ulong seed = 0, double dropout = 0) =>
        Train(config, new TrainingSessionOptions
        {
            Optimizer = optimizer ?? new OptimizerOptions(),
            Dropout = new() { BetweenLayers = dropout, Input = dropout, Output = dropout, Recurrent = dropout },
            Seed = seed,
        });

    public static ITrainingSession Train(ModelConfig config, TrainingSessionOptions options) =>
        Engine.StartTraining(config, Weights(config), options);

    public static void Step(ITrainingSession session, Minibatch batch, double learningRate = 0.01)
    {
        session.Accumulate(batch);
        session.Update(learningRate);
    }

    public static float[] Flat(ITrainingSession session, ModelConfig config)
    {
        var weights = new ModelWeights(config);
        session.ReadWeights(weights);
        return [.. weights.SelectMany(tensor => tensor.Values)];
    }

    public static double Value(int tensor, int i) => 0.5 * Math.Sin(0.7 + (1.3 * tensor) + (0.9 * i));

    private static int Token(int t, int b, int shift, int vocabulary) => ((5 * t) + (3 * b * b) + (t * b) + shift) % vocabulary;
}
