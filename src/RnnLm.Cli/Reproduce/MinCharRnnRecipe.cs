namespace RnnLm.Cli.Reproduce;

/// <summary>
/// Karpathy's min-char-rnn on tiny-shakespeare, twice: as a notebook teaches it (10 hidden units, plain gradient steps of 1e-3, 10,000 of
/// them) and as the original script has it (100 hidden units, Adagrad at 0.1). One-hot characters, tanh, windows of 25 with the state
/// carried on, the loss summed over the window, gradients clipped at 5 element by element.
/// </summary>
internal sealed class MinCharRnnRecipe : Recipe
{
    private const int Window = 25;

    public override string Name => "min-char-rnn";

    public override string Summary => "min-char-rnn's two set-ups on tiny-shakespeare; smoothed loss over 25 characters";

    public override IReadOnlyList<(string Key, double Value)> Run(RecipeRun run)
    {
        RnnLanguageModel notebook = Train(run, hidden: 10, OptimizerKind.Sgd, 1e-3, 10_000);
        RnnLanguageModel original = Train(run, hidden: 100, OptimizerKind.Adagrad, 0.1, 100_000);
        using (notebook)
        using (original)
        {
            run.Show("notebook", Sample(notebook));
            run.Show("original", Sample(original));
            return
            [
                ("smoothed_loss", SmoothedLoss(notebook)),
                ("smoothed_loss_original", SmoothedLoss(original)),
                ("seconds", notebook.TrainingSummary!.Elapsed.TotalSeconds + original.TrainingSummary!.Elapsed.TotalSeconds),
                ("chars_per_s", original.TrainingSummary.CharactersPerSecond),
            ];
        }
    }

    private static RnnLanguageModel Train(RecipeRun run, int hidden, OptimizerKind optimizer, double learningRate, int steps)
    {
        LanguageModelOptions options = run.NewOptions();
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize) = (CellType.Rnn, hidden, 0);
        (options.Model.Initialization, options.Model.InitializationStandardDeviation) = (WeightInitialization.Normal, 0.01);
        options.Vocabulary.UnknownCharacters = UnknownCharacterPolicy.Skip;
        (options.Data.BatchSize, options.Data.SequenceLength) = (1, Window);
        (options.Optimizer.Kind, options.Optimizer.LearningRate, options.Optimizer.Epsilon) = (optimizer, learningRate, 1e-8);
        (options.Optimizer.ClipNorm, options.Optimizer.ClipValue) = (0, 5);
        (options.Training.Epochs, options.Training.MaxSteps, options.Training.ValidationFraction) = (0, steps, 0);
        options.Training.LossReduction = LossReduction.Sum;
        return RnnLanguageModel.Train([Corpora.TinyShakespeare], options);
    }

    private static double SmoothedLoss(RnnLanguageModel model) => model.TrainingSummary!.SmoothedLoss * Window;

    private static string Sample(RnnLanguageModel model) => model.Generate("\n", new SamplingOptions { MaxLength = 200, Seed = 1 });
}
