namespace RnnLm.Cli.Reproduce;

/// <summary>Surnames of 18 countries as rows between a start and an end token, sampled in batches at several temperatures and from two
/// initial states.</summary>
internal sealed class SurnamesRecipe : Recipe
{
    private const int Samples = 1000;

    public override string Name => "surnames";

    public override string Summary => "surnames of 18 countries; nats per character of the test part, end token counted";

    public override IReadOnlyList<(string Key, double Value)> Run(RecipeRun run)
    {
        string[] training = [.. Corpora.Names18("train").Select(row => row.Name)],
            test = [.. Corpora.Names18("test").Select(row => row.Name)];
        LanguageModelOptions options = run.NewOptions();
        options.Data.Mode = DataMode.Rows;
        options.Data.BatchSize = 64;
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize) = (CellType.Gru, 256, 64);
        (options.Model.InputDropout, options.Model.OutputDropout) = (0.1, 0.4);
        (options.Optimizer.Kind, options.Optimizer.LearningRate, options.Optimizer.WeightDecay, options.Optimizer.ClipNorm) =
            (OptimizerKind.AdamW, 2e-3, 0.05, 1);
        (options.Optimizer.Schedule, options.Training.Epochs) = (LearningRateSchedule.Cosine, 30);
        // The weights are chosen on a part of the training names, never on the test names.
        options.Training.ValidationFraction = 0.05;

        using RnnLanguageModel model = RnnLanguageModel.Train(training.Select(TextRow.Row), options);
        TextScore[] scores = [.. model.ScoreAll(test)];
        double loss = -scores.Sum(score => score.LogProbability) / scores.Sum(score => score.Count);
        foreach (double temperature in new[] { 0.5, 0.8, 1.0, 1.2 })
            run.Show($"temperature {temperature}",
                string.Join(", ", Draw(model, run.Seed, temperature, InitialState.Zeros, 10).Select(r => r.Text)));
        run.Show("initial state of ones", string.Join(", ", Draw(model, run.Seed, 0.8, InitialState.Ones, 10).Select(r => r.Text)));

        GeneratedText[] drawn = Draw(model, run.Seed, 1, InitialState.Zeros, Samples);
        var known = training.ToHashSet(StringComparer.Ordinal);
        return
        [
            ("validation_loss", loss),
            ("ended", drawn.Count(r => r.FinishReason == FinishReason.EndToken) / (double)Samples),
            ("new", drawn.Count(r => !known.Contains(r.Text)) / (double)Samples),
            ("seconds", model.TrainingSummary!.Elapsed.TotalSeconds),
            ("chars_per_s", model.TrainingSummary.CharactersPerSecond),
        ];
    }

    private static GeneratedText[] Draw(RnnLanguageModel model, long seed, double temperature, InitialState state, int count) =>
        [.. model.GenerateAll(Enumerable.Repeat("", count), new SamplingOptions { Temperature = temperature, InitialState = state,
        Seed = seed, MaxLength = 30 }).Select(samples => samples[0])];
}
