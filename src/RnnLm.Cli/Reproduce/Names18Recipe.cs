namespace RnnLm.Cli;

/// <summary>
/// Lecture 13's classifier of surnames into 18 countries: a two-layer bidirectional GRU of 100 units over packed sequences. The epoch is chosen on a
/// part of the training names; the test names are looked at once, at the end.
/// </summary>
internal sealed class Names18Recipe : Recipe
{
    public override string Name => "names18";

    public override string Summary => "surnames into 18 countries, bidirectional GRU 2x100; accuracy and macro F1 on the test part";

    public override IReadOnlyList<(string Key, double Value)> Run(RecipeRun run)
    {
        var options = new TextClassifierOptions
        {
            Model = { Cell = CellType.Gru, HiddenSize = 100, EmbeddingSize = 100, Layers = 2, Dropout = 0.2 },
            Data = { BatchSize = 256 },
            Optimizer = { LearningRate = 1e-3, ClipNorm = 0 },
            Training =
            {
                Epochs = 30, Seed = run.Seed, Progress = run.Progress, CancellationToken = run.CancellationToken, OnCancel = CancellationBehavior.Throw,
            },
            Device = run.Device,
        };
        using RnnTextClassifier model = RnnTextClassifier.Train(Rows("train"), options);
        var test = ClassifierEvaluation.Of(model, Rows("test"), run.CancellationToken);
        foreach (string name in new[] { "Dostoevsky", "Schneider", "Nakamura", "O'Brien" })
            run.Output.WriteLine($"{name}: {model.Classify(name).Label}");
        return
        [
            ("accuracy", test.Accuracy),
            ("macro_f1", test.MacroF1),
            ("seconds", model.Training!.Elapsed.TotalSeconds),
            ("seconds_per_epoch", model.Training.Elapsed.TotalSeconds / options.Training.Epochs),
            ("chars_per_s", model.Training.CharactersPerSecond),
        ];
    }

    private static IEnumerable<TextRow> Rows(string part) => Corpora.Names18(part).Select(row => new TextRow(row.Name.AsMemory(), Condition: row.Country));
}
