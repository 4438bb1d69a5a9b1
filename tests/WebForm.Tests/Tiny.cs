using RnnLm;

namespace WebForm.Tests;

/// <summary>Models that are trained in a moment.</summary>
internal static class Tiny
{
    public static RnnLanguageModel Train(string[] rows, bool filter, UnknownCharacterPolicy unknown = UnknownCharacterPolicy.Token) =>
        Train([.. rows.Select(row => TextRow.Row(row))], filter, unknown);

    public static RnnLanguageModel Train(TextRow[] rows, bool filter, UnknownCharacterPolicy unknown = UnknownCharacterPolicy.Token) =>
        RnnLanguageModel.Train(Enumerable.Repeat(rows, 50).SelectMany(row => row), new LanguageModelOptions
        {
            Model = { Cell = CellType.Gru, HiddenSize = 32 },
            Vocabulary = { UnknownCharacters = unknown },
            Data = { Mode = DataMode.Rows, BatchSize = 10, KeepTextFilter = filter },
            Optimizer = { LearningRate = 0.02 },
            Training = { MaxSteps = 150, Seed = 1, ValidationFraction = 0 },
            Sampling = { MaxLength = 40 },
        });
}
