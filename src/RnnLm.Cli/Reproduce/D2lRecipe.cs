namespace RnnLm.Cli;

/// <summary>
/// Dive into Deep Learning (2023 edition), chapters 9 and 10: The Time Machine, windows of 32 characters at every offset, 10,000 to train on and the
/// next 5,000 to validate on, minibatches of 1,024, 32 hidden units, plain gradient descent with the gradient's norm clipped at 1.
/// </summary>
internal sealed class D2lRecipe(string name, CellType cell, int layers, double learningRate, int epochs, double published) : Recipe
{
    private const int Window = 32, TrainingWindows = 10_000, ValidationWindows = 5_000;

    public override string Name => name;

    public override string Summary => $"d2l 2023, {cell.ToString().ToUpperInvariant()} {layers}x32 on The Time Machine; published validation perplexity {published}";

    public override IReadOnlyList<(string Key, double Value)> Run(RecipeRun run)
    {
        string text = Corpora.TimeMachine;
        LanguageModelOptions options = run.NewOptions();
        (options.Model.Cell, options.Model.Layers, options.Model.HiddenSize, options.Model.EmbeddingSize) = (cell, layers, 32, 0);
        // d2l counts 28 tokens: 26 letters, the space, and the unknown token.
        options.Vocabulary.Characters = " abcdefghijklmnopqrstuvwxyz";
        (options.Data.BatchSize, options.Data.SequenceLength) = (1024, Window);
        (options.Data.WindowOrder, options.Data.WindowStride) = (WindowOrder.Random, 1);
        (options.Optimizer.Kind, options.Optimizer.LearningRate, options.Optimizer.ClipNorm) = (OptimizerKind.Sgd, learningRate, 1);
        options.Training.Epochs = epochs;

        using RnnLanguageModel model = RnnLanguageModel.Train(
            [text[..(TrainingWindows + Window)]], options, validation: [text.Substring(TrainingWindows, ValidationWindows + Window)]);
        run.Show("it has", model.Generate("it has", new SamplingOptions { Temperature = 0, MaxLength = 20, IncludePrompt = true }));
        TrainingSummary summary = model.Training!;
        return
        [
            ("validation_perplexity", Math.Exp(summary.ValidationLoss!.Value)),
            ("validation_loss", summary.ValidationLoss.Value),
            ("seconds", summary.Elapsed.TotalSeconds),
            ("chars_per_s", summary.CharactersPerSecond),
        ];
    }
}
