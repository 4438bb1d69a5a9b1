using RnnLm.Cli.Progress;

namespace RnnLm.Cli.Reproduce;

/// <summary>
/// Lecture 13's classifier of surnames into 18 countries: a two-layer bidirectional GRU of 100 units over packed sequences. How many epochs
/// are best is found on a tenth of the training names; then a classifier is trained as long on all of them. The test names are looked at
/// once, at the end.
/// </summary>
internal sealed class Names18Recipe : Recipe
{
    public override string Name => "names18";

    public override string Summary => "surnames into 18 countries, bidirectional GRU 2x100; accuracy and macro F1 on the test part";

    public override TargetWords Words => TargetWords.Texts;

    public override IReadOnlyList<(string Key, double Value)> Run(RecipeRun run)
    {
        TextClassifierOptions options = Options(run);
        TrainingSummary tried;
        using (RnnTextClassifier trial = RnnTextClassifier.Train(Rows("train"), options))
            tried = trial.TrainingSummary!;
        int epochs = options.Training.Epochs, best = (int)(tried.BestStep * epochs / tried.Steps);
        run.Output.WriteLine($"epoch {best} of {epochs} was best on the names kept apart; training as long on all names");

        (options.Training.Epochs, options.Training.ValidationFraction) = (best, 0);
        using RnnTextClassifier model = RnnTextClassifier.Train(Rows("train"), options);
        ClassifierEvaluation test = model.Evaluate(Rows("test"), run.CancellationToken);
        foreach (string name in new[] { "Dostoevsky", "Schneider", "Nakamura", "O'Brien" })
            run.Output.WriteLine($"{name}: {model.Classify(name).Label}");
        double seconds = tried.Elapsed.TotalSeconds + model.TrainingSummary!.Elapsed.TotalSeconds;
        return
        [
            ("accuracy", test.Accuracy),
            ("macro_f1", test.MacroF1),
            ("seconds", seconds),
            ("seconds_per_epoch", seconds / (epochs + best)),
            ("chars_per_s", Rows("train").Average(row => row.Text.Length) * model.TrainingSummary.CharactersPerSecond),
        ];
    }

    private static TextClassifierOptions Options(RecipeRun run) => new()
    {
        Model =
        {
            Cell = CellType.Gru, HiddenSize = 100, EmbeddingSize = 100, Layers = 2,
            // Rare countries are learnt last: recurrent dropout lets training go on that long before common ones are learnt by heart.
            Dropout = 0.3, InputDropout = 0.1, OutputDropout = 0.3, RecurrentDropout = 0.4,
        },
        Data = { BatchSize = 64 },
        Optimizer = { LearningRate = 1e-3, ClipNorm = 0 },
        Training =
        {
            Epochs = 35,
            // One step's weights are as good as another's by chance; an average over some epochs is better than most.
            AveragingDecay = 0.998,
            BestBy = ValidationMetric.MacroF1,
            Seed = run.Seed,
            Progress = run.Progress,
            CancellationToken = run.CancellationToken,
            OnCancel = CancellationBehavior.Throw,
        },
        Device = run.Device,
    };

    private static IEnumerable<LabelledText> Rows(string part) =>
        Corpora.Names18(part).Select(row => new LabelledText(row.Name, row.Country));
}
