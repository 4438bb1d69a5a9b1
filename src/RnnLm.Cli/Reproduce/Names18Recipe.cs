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
        using RnnTextClassifier model = RnnTextClassifier.Train(Corpora.Names18("train").Select(row => new TextRow(row.Name.AsMemory(), Condition: row.Country)), options);
        IReadOnlyList<(string Name, string Country)> test = Corpora.Names18("test");
        string[] predicted = [.. model.ClassifyAll(test.Select(row => row.Name)).Select(answer => answer.Label)];
        string[] actual = [.. test.Select(row => row.Country)];
        foreach (string name in new[] { "Dostoevsky", "Schneider", "Nakamura", "O'Brien" })
            run.Output.WriteLine($"{name}: {model.Classify(name).Label}");
        return
        [
            ("accuracy", predicted.Zip(actual, (p, a) => p == a).Count(right => right) / (double)actual.Length),
            ("macro_f1", model.Labels.Average(label => F1(predicted, actual, label))),
            ("seconds", model.Training!.Elapsed.TotalSeconds),
            ("chars_per_s", model.Training.CharactersPerSecond),
        ];
    }

    private static double F1(string[] predicted, string[] actual, string label)
    {
        int both = predicted.Zip(actual, (p, a) => p == label && a == label).Count(right => right);
        return 2.0 * both / Math.Max(1, predicted.Count(p => p == label) + actual.Count(a => a == label));
    }
}
