using RnnLm.Data;
using RnnLm.Managed;
using RnnLm.Managed.Inference;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Tests;

public sealed class ClassifierPassTests
{
    private static readonly int[][] s_texts = [[1, 2, 3, 4, 5, 6, 0], [6, 5, 4], [2, 2, 2], [0, 3], [5]];

    [Theory]
    [InlineData(CellType.Gru, true, Pooling.Last, 0)]
    [InlineData(CellType.Lstm, true, Pooling.Mean, 3)]
    [InlineData(CellType.Rnn, true, Pooling.Max, 3)]
    [InlineData(CellType.Lstm, false, Pooling.Last, 0)]
    [InlineData(CellType.Gru, false, Pooling.Max, 5)]
    public void ProbabilitiesAgreeWithDoublePrecision(CellType cell, bool bidirectional, Pooling pooling, int embedding)
    {
        foreach (InitialState initial in new[] { InitialState.Zeros, InitialState.Ones, InitialState.Learned })
        {
            ModelConfig config = Config(cell, bidirectional, pooling, embedding) with { InitialState = initial };
            ModelWeights weights = HashedWeights.Make(config);
            var reference = new ReferenceModel(config, weights);
            float[] actual = Classify(config, weights, s_texts);
            for (int row = 0; row < s_texts.Length; row++)
            {
                double[] expected = reference.Classify(s_texts[row]);
                for (int i = 0; i < expected.Length; i++)
                    Assert.Equal(expected[i], actual[(row * config.Classes) + i], 1e-5);
            }
        }
    }

    [Fact]
    public void ARowHasTheSameBitsWhateverItsNeighboursAndPadding()
    {
        ModelConfig config = Config(CellType.Gru, true, Pooling.Mean, 4);
        ModelWeights weights = HashedWeights.Make(config);
        float[] together = Classify(config, weights, s_texts), padded = Classify(config, weights, s_texts, padding: 9);
        Assert.Equal(together, padded);
        for (int row = 0; row < s_texts.Length; row++)
            Assert.Equal(together[(row * 3)..((row * 3) + 3)], Classify(config, weights, [s_texts[row]]));
    }

    [Fact]
    public void BatchesThatMakeNoSenseAreRefused()
    {
        ModelConfig config = Config(CellType.Gru, true, Pooling.Last, 4);
        using var model = new ManagedClassifier(config, HashedWeights.Make(config), VectorMath.Lanes);
        Assert.Throws<ArgumentException>(() => model.Classify(Batch([[1], [1, 2]], 0), new float[6]));
        Assert.Throws<ArgumentException>(() => model.Classify(Batch([[1, 2], []], 0), new float[6]));
        Assert.Throws<ArgumentException>(() => model.Classify(Batch(s_texts, 0), new float[14]));
        Assert.Throws<ArgumentException>(() => model.Classify(Batch([[7]], 0), new float[3]));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Classify(Batch(s_texts, 0), new float[15]));
    }

    [Fact]
    public void AModelIsLoadedAsWhatItIs()
    {
        ModelConfig language = new() { Cell = CellType.Rnn, VocabularySize = 7, HiddenSize = 3 },
            classifier = Config(CellType.Rnn, true, Pooling.Last, 4);
        var engine = new ManagedEngine();
        Assert.Throws<ArgumentException>(() => engine.LoadClassifier(language, new ModelWeights(language), new()));
        Assert.Throws<ArgumentException>(() => engine.LoadLanguageModel(classifier, new ModelWeights(classifier), new()));
    }

    private static ModelConfig Config(CellType cell, bool bidirectional, Pooling pooling, int embedding) => new()
    {
        Task = ModelTask.Classification,
        Cell = cell,
        VocabularySize = 7,
        HiddenSize = 18,
        Layers = 2,
        EmbeddingSize = embedding,
        Bidirectional = bidirectional,
        Pooling = pooling,
        Classes = 3,
    };

    private static Minibatch Batch(int[][] texts, int padding)
    {
        int length = texts.Max(t => t.Length) + padding;
        int[] inputs = new int[length * texts.Length];
        Array.Fill(inputs, padding == 0 ? 0 : 6);
        for (int row = 0; row < texts.Length; row++)
        {
            for (int t = 0; t < texts[row].Length; t++)
                inputs[(t * texts.Length) + row] = texts[row][t];
        }

        return new Minibatch
        {
            Length = length,
            BatchSize = texts.Length,
            Inputs = inputs,
            Targets = [],
            Lengths = [.. texts.Select(t => t.Length)]
        };
    }

    private static float[] Classify(ModelConfig config, ModelWeights weights, int[][] texts, int padding = 0)
    {
        using var model = new ManagedClassifier(config, weights, VectorMath.Lanes);
        float[] probabilities = new float[texts.Length * config.Classes];
        model.Classify(Batch(texts, padding), probabilities);
        return probabilities;
    }
}
