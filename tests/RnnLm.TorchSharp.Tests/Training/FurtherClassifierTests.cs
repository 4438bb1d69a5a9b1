namespace RnnLm.TorchSharp.Tests;

/// <summary>A classifier that is trained further on TorchSharp, and learns new labels.</summary>
public sealed class FurtherClassifierTests
{
    /// <summary>Before a step moves them, the weights are those that the managed engine begins with, to the last bit; and a training of
    /// some steps gives nearly the same on both.</summary>
    [LibTorchTheory]
    [InlineData(CellType.Gru, 0, Pooling.Last)]
    [InlineData(CellType.Lstm, 6, Pooling.Max)]
    [InlineData(CellType.Rnn, 6, Pooling.Mean)]
    public void BothEnginesGoOnAlike(CellType cell, int embedding, Pooling pooling)
    {
        TextClassifierOptions options = Options(EngineKind.Managed, rate: 0.01, steps: 30);
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize, options.Classifier.Pooling) =
            (cell, 12, embedding, pooling);
        using RnnTextClassifier first = RnnTextClassifier.Train(Rows("low", "high"), options);

        foreach ((double rate, double tolerance) in ((double, double)[])[(1e-30, 0), (0.003, 1e-3)])
        {
            using RnnTextClassifier managed = Further(first, EngineKind.Managed, rate), torch = Further(first, EngineKind.TorchSharp, rate);
            Assert.Equal(["low", "high", "é"], torch.Labels);
            Assert.Equal(managed.Saved.Weights.Select(tensor => tensor.Name), torch.Saved.Weights.Select(tensor => tensor.Name));
            double furthest = managed.Saved.Weights.Zip(torch.Saved.Weights)
                .Max(pair => pair.First.Values.Zip(pair.Second.Values).Max(w => Math.Abs(w.First - w.Second)));
            Assert.InRange(furthest, 0, tolerance);
        }
    }

    private static RnnTextClassifier Further(RnnTextClassifier previous, EngineKind engine, double rate)
    {
        TextClassifierOptions options = Options(engine, rate, steps: 8);
        options.Vocabulary.Grow = true;
        return RnnTextClassifier.Train(Rows("high", "é", "low"), options, previous: previous);
    }

    private static TextClassifierOptions Options(EngineKind engine, double rate, int steps) => new()
    {
        Data = { BatchSize = 16 },
        Optimizer = { LearningRate = rate },
        Training = { Epochs = 0, MaxSteps = steps, Seed = 4 },
        Device = { Engine = engine, Threads = 1 },
    };

    private static IEnumerable<LabelledText> Rows(params string[] labels) => Enumerable.Range(0, 90)
        .Select(i => new LabelledText($"{labels[i % labels.Length]} {i * 7919 % 1000}", labels[i % labels.Length]));
}
