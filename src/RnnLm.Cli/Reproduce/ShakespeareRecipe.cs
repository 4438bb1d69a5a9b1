namespace RnnLm.Cli.Reproduce;

/// <summary>tiny-shakespeare with the last tenth kept apart, as nanoGPT splits it; in three minutes, or with up to an hour.</summary>
internal sealed class ShakespeareRecipe(string name, double minutes, Action<LanguageModelOptions> configure) : Recipe
{
    public override string Name => name;

    public override string Summary => $"tiny-shakespeare in {minutes:0} minutes, nats per character on the last 10 % (and the last 5 %)";

    public override IReadOnlyList<(string Key, double Value)> Run(RecipeRun run)
    {
        string text = Corpora.TinyShakespeare;
        int split = (int)(text.Length * 0.9);
        LanguageModelOptions options = run.NewOptions();
        options.Training.Epochs = 0;
        options.Training.MaxMinutes = minutes;
        options.Optimizer.Schedule = LearningRateSchedule.Cosine;
        configure(options);

        using RnnLanguageModel model = RnnLanguageModel.Train([text[..split]], options, validation: [text[split..]]);
        run.Show("ROMEO:", model.Generate("ROMEO:", new SamplingOptions
        {
            Temperature = 0.8,
            MaxLength = 400,
            Seed = run.Seed,
            IncludePrompt = true
        }));
        TrainingSummary summary = model.TrainingSummary!;
        double last10 = model.Score(text[split..]).NatsPerCharacter,
            last5 = model.Score(text[(int)(text.Length * 0.95)..]).NatsPerCharacter;
        return
        [
            ("validation_loss", last10),
            ("validation_loss_last5", last5),
            ("validation_perplexity", Math.Exp(last10)),
            ("seconds", summary.Elapsed.TotalSeconds),
            ("chars_per_s", summary.CharactersPerSecond),
        ];
    }
}
