using RnnLm.Modeling;

namespace RnnLm.Cli.Benchmarks;

/// <summary>A model and minibatch whose speed is measured.</summary>
/// <param name="Name">The name by which it is asked for.</param>
/// <param name="Model">The model.</param>
/// <param name="BatchSize">The sequences of a minibatch in training.</param>
/// <param name="Length">The positions of a minibatch in training.</param>
internal sealed record BenchConfig(string Name, ModelConfig Model, int BatchSize, int Length)
{
    /// <summary>Gets models from the smallest in use to one at which the arithmetic is all that counts.</summary>
    public static IReadOnlyList<BenchConfig> All { get; } =
    [
        // Karpathy's min-char-rnn.
        new("min-char-rnn", Shape(CellType.Rnn, 65, 100, 1, 0), 1, 25),
        // "Dive into Deep Learning", recurrent network from scratch.
        new("d2l-rnn", Shape(CellType.Rnn, 28, 32, 1, 0), 1024, 32),
        // Karpathy's char-rnn.
        new("char-rnn-2x128", Shape(CellType.Lstm, 65, 128, 2, 0), 50, 50),
        new("gru-256", Shape(CellType.Gru, 65, 256, 1, 128), 32, 100),
        new("lstm-512", Shape(CellType.Lstm, 65, 512, 1, 128), 64, 100),
    ];

    private static ModelConfig Shape(CellType cell, int vocabulary, int hidden, int layers, int embedding) =>
        new() { Cell = cell, VocabularySize = vocabulary, HiddenSize = hidden, Layers = layers, EmbeddingSize = embedding };
}
