using RnnLm.Managed.Training;
using RnnLm.Training;

namespace RnnLm.Tests.Training;

/// <summary>Small trainings that take a second or less.</summary>
internal static class TinyTraining
{
    /// <summary>Sentences with some regularity: a model that learns halves its loss in a few hundred steps.</summary>
    public static string[] Lines { get; } =
    [
        .. Enumerable.Range(0, 300).Select(i =>
        $"order {1000 + (i * 7919 % 9000)} was {(i % 3 == 0 ? "sent on monday" : i % 3 == 1 ? "paid on friday" : "returned in may")}."),
    ];

    public static IEnumerable<TextRow> Rows => Lines.Select(TextRow.Row);

    public static LanguageModelOptions Options(DataMode mode = DataMode.Stream, CellType cell = CellType.Gru) => new()
    {
        Model = { Cell = cell, HiddenSize = 32, EmbeddingSize = 12 },
        Data = { Mode = mode, BatchSize = 16, SequenceLength = 25 },
        Optimizer = { LearningRate = 0.01 },
        Training = { Epochs = 0, MaxSteps = 60, Seed = 5 },
        Device = { Engine = EngineKind.Managed, Threads = 1 },
        Sampling = { Seed = 3 },
    };
}
