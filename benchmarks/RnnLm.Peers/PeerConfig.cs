namespace RnnLm.Peers;

/// <summary>A model that is measured: those of 'rnnlm bench'.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cell">rnn, lstm or gru.</param>
/// <param name="Vocabulary">The number of characters.</param>
/// <param name="Hidden">Units of a layer.</param>
/// <param name="Layers">Layers.</param>
/// <param name="Embedding">The size of an embedding; 0 for one-hot inputs.</param>
/// <param name="Batch">Sequences of a minibatch.</param>
/// <param name="Length">Characters of a sequence.</param>
internal sealed record PeerConfig(string Name, string Cell, int Vocabulary, int Hidden, int Layers, int Embedding, int Batch, int Length)
{
    public static PeerConfig[] All { get; } =
    [
        new("min-char-rnn", "rnn", 65, 100, 1, 0, 1, 25),
        new("d2l-rnn", "rnn", 28, 32, 1, 0, 1024, 32),
        new("char-rnn-2x128", "lstm", 65, 128, 2, 0, 50, 50),
        new("gru-256", "gru", 65, 256, 1, 128, 32, 100),
        new("lstm-512", "lstm", 65, 512, 1, 128, 64, 100),
    ];

    /// <summary>Gets the size of a step's input.</summary>
    public int Input => Embedding == 0 ? Vocabulary : Embedding;
}
