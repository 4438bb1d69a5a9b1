namespace RnnLm.Cli.Reproduce;

/// <summary>
/// Sums as pairs of a question and its answer. First the two questions of the notebook "a vanilla RNN who learns arithmetic", 1+1=? and
/// 1+2=?; then all sums of two numbers below 100, a tenth of them held out. Answers are written by feeding back, and count only when they
/// are right to the last digit.
/// </summary>
internal sealed class ArithmeticRecipe : Recipe
{
    public override string Name => "arithmetic";

    public override string Summary => "sums as question and answer; the share of held-out sums answered exactly";

    public override IReadOnlyList<(string Key, double Value)> Run(RecipeRun run)
    {
        (string Question, string Answer)[] two = [("1+1=?", "2"), ("1+2=?", "3")];
        LanguageModelOptions small = run.NewOptions();
        (small.Model.Cell, small.Model.HiddenSize, small.Model.EmbeddingSize) = (CellType.Rnn, 101, 0);
        (small.Training.Epochs, small.Training.ValidationFraction) = (200, 0);
        using RnnLanguageModel notebook = Train(two, small);

        (string Question, string Answer)[] sums =
            [.. from a in Enumerable.Range(0, 100) from b in Enumerable.Range(0, 100) select ($"{a}+{b}=?", $"{a + b}")];
        new Random((int)run.Seed).Shuffle(sums);
        LanguageModelOptions options = run.NewOptions();
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize) = (CellType.Lstm, 128, 32);
        // Weight decay makes the difference between sums learned by heart and adding: without it some 95 % of the held-out sums are right.
        (options.Optimizer.Kind, options.Optimizer.WeightDecay) = (OptimizerKind.AdamW, 0.1);
        (options.Data.BatchSize, options.Optimizer.LearningRate, options.Optimizer.ClipNorm) = (64, 4e-3, 1);
        (options.Optimizer.Schedule, options.Training.Epochs, options.Training.ValidationFraction) = (LearningRateSchedule.Cosine, 100, 0);
        int heldOut = sums.Length / 10;
        using RnnLanguageModel model = Train(sums[heldOut..], options);

        double exact = ExactMatch(model, sums[..heldOut]);
        string[] shown = ["2+2=?", "17+25=?", "99+99=?", "50+7=?"];
        run.Show("answers", string.Join(Environment.NewLine,
            Answer(model, shown).Zip(shown, (answer, question) => question + " " + answer)));
        return
        [
            ("exact_match", exact),
            ("exact_match_notebook", ExactMatch(notebook, two)),
            ("seconds", model.TrainingSummary!.Elapsed.TotalSeconds),
            ("chars_per_s", model.TrainingSummary.CharactersPerSecond),
        ];
    }

    private static RnnLanguageModel Train((string Question, string Answer)[] pairs, LanguageModelOptions options)
    {
        options.Data.Mode = DataMode.Pairs;
        return RnnLanguageModel.Train(pairs.Select(pair => TextRow.Pair(pair.Question, pair.Answer)), options);
    }

    private static double ExactMatch(RnnLanguageModel model, (string Question, string Answer)[] pairs) =>
        Answer(model, pairs.Select(pair => pair.Question)).Zip(pairs, (answer, pair) => answer == pair.Answer)
        .Count(right => right) / (double)pairs.Length;

    private static IEnumerable<string> Answer(RnnLanguageModel model, IEnumerable<string> questions) =>
        model.GenerateAll(questions, new SamplingOptions { Temperature = 0, MaxLength = 10 }).Select(samples => samples[0].Text);
}
