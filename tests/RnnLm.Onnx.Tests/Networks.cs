using Microsoft.ML.OnnxRuntime;
using RnnLm.ModelFiles;
using RnnLm.Modeling;

namespace RnnLm.Onnx.Tests;

/// <summary>The networks that are tried: each cell, one to three layers, one-hot, embedded and tied input.</summary>
internal static class Networks
{
    private static readonly string[] Cells = ["Tanh", "Relu", "Lstm", "Gru"];
    private static readonly string[] Encodings = ["one-hot", "embedding", "tied"];

    public static ModelConfig Small { get; } = new() { Cell = CellType.Gru, VocabularySize = 1, HiddenSize = 7, EmbeddingSize = 5 };

    public static TheoryData<string> All => [.. Names(Encodings)];

    /// <summary>Gets those that a classifier can be too: no output is tied to its input.</summary>
    public static TheoryData<string> OfClassifiers => [.. Names(Encodings[..2])];

    public static ModelConfig Of(string name)
    {
        string[] parts = name.Split(' ');
        return Small with
        {
            Cell = parts[0] switch { "Lstm" => CellType.Lstm, "Gru" => CellType.Gru, _ => CellType.Rnn },
            Nonlinearity = parts[0] == "Relu" ? Nonlinearity.Relu : Nonlinearity.Tanh,
            Layers = int.Parse(parts[1]),
            EmbeddingSize = parts[2] switch { "one-hot" => 0, "tied" => Small.HiddenSize, _ => Small.EmbeddingSize },
            TieWeights = parts[2] == "tied",
        };
    }

    /// <summary>Texts as inputs of a graph of ids, with anything behind their ends.</summary>
    public static IEnumerable<(string Name, OrtValue Value)> Ids(SavedModel saved, string[] texts)
    {
        int[][] ids = [.. texts.Select(text => saved.Vocabulary.Encode(text))];
        int width = ids.Max(row => row.Length) + 2;
        long[] padded = [.. ids.SelectMany(row => row.Select(id => (long)id).Concat(Enumerable.Repeat(-1L, width - row.Length)))];
        yield return ("ids", OnnxRun.Tensor(padded, ids.Length, width));
        yield return ("lengths", OnnxRun.Tensor<long>([.. ids.Select(row => (long)row.Length)], ids.Length, 1));
    }

    private static IEnumerable<string> Names(string[] encodings) => Cells.SelectMany(cell =>
        Enumerable.Range(1, 3).SelectMany(layers => encodings.Select(encoding => $"{cell} {layers} {encoding}")));
}
