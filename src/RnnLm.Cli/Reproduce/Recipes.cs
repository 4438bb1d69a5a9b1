namespace RnnLm.Cli.Reproduce;

/// <summary>All experiments, by name.</summary>
internal static class Recipes
{
    public static IReadOnlyList<Recipe> All { get; } =
    [
        new D2lRecipe("d2l-rnn", CellType.Rnn, layers: 1, learningRate: 1, epochs: 100, published: 7.24),
        new D2lRecipe("d2l-gru", CellType.Gru, layers: 1, learningRate: 4, epochs: 50, published: 6.55),
        new D2lRecipe("d2l-lstm", CellType.Lstm, layers: 1, learningRate: 4, epochs: 50, published: 6.69),
        new D2lRecipe("d2l-gru2", CellType.Gru, layers: 2, learningRate: 2, epochs: 100, published: 6.11),
        new MinCharRnnRecipe(),
        new ShakespeareRecipe("shakespeare-3min", 3, ShakespeareIn3Minutes),
        new ShakespeareRecipe("shakespeare", 45, ShakespeareInAnHour),
        new SurnamesRecipe(),
        new ArithmeticRecipe(),
        new Names18Recipe(),
        new DgaRecipe(),
    ];

    private static void ShakespeareIn3Minutes(LanguageModelOptions options)
    {
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize, options.Model.OutputDropout) =
            (CellType.Gru, 512, 64, 0.4);
        (options.Data.BatchSize, options.Data.SequenceLength, options.Optimizer.LearningRate) = (32, 64, 2e-3);
        options.Training.EvaluateEvery = 500;
    }

    /// <summary>In many epochs a million characters are learnt by heart: everything that works against that is needed, on the recurrent
    /// weights above all.</summary>
    private static void ShakespeareInAnHour(LanguageModelOptions options)
    {
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize) = (CellType.Gru, 640, 64);
        (options.Model.InputDropout, options.Model.OutputDropout, options.Model.RecurrentDropout) = (0.1, 0.5, 0.12);
        (options.Data.BatchSize, options.Data.SequenceLength) = (32, 64);
        (options.Optimizer.Kind, options.Optimizer.LearningRate, options.Optimizer.WeightDecay) = (OptimizerKind.AdamW, 2e-3, 0.1);
        (options.Training.EvaluateEvery, options.Training.AveragingDecay) = (1000, 0.999);
    }
}
