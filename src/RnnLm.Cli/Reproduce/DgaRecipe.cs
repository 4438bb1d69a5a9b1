using RnnLm.Cli.Progress;

namespace RnnLm.Cli.Reproduce;

/// <summary>
/// Domains that malware makes (domain generation algorithms) against those that people registered: told by a classifier that has seen
/// domains of the same families, and by a detector of anomalies that has seen those of people alone.
/// </summary>
internal sealed class DgaRecipe : Recipe
{
    private const int Units = 64, Epochs = 4;

    public override string Name => "dga";

    public override string Summary => "domains that machines made against those of people: a classifier, and a detector of anomalies";

    public override TargetWords Words => TargetWords.Texts;

    public override IReadOnlyList<(string Key, double Value)> Run(RecipeRun run)
    {
        DomainList list = DomainList.Read(Corpora.Dga(DomainList.BenignFile), Corpora.Dga(DomainList.FamiliesFile));
        list.RequireHeldOut(Corpora.Dga(DomainList.BenignFile));
        (string Domain, string? Family)[] training = [.. list.Training], test = [.. list.Test];
        run.Output.WriteLine($"{training.Count(IsMade)} of {training.Length} domains to train on and {test.Count(IsMade)} of {test.Length} "
            + $"to test are machine-made; {list.Repeated} repeated and {list.Contradicting} that are in both files are left out");

        using RnnTextClassifier classifier = RnnTextClassifier.Train(training.Select(Labelled), Options(run));
        ClassifierEvaluation supervised = classifier.Evaluate(test.Select(Labelled), run.CancellationToken);
        ShowFamilies(run, classifier, test, supervised.FindThreshold(0.01)!.Value.Threshold);

        (string[] learned, string[] heldOut) = list.Benign;
        using RnnLanguageModel model = RnnLanguageModel.Train(learned.Select(TextRow.Row), LanguageModel(run));
        AnomalyDetector detector = model.Calibrate(heldOut.Select(TextRow.Row), cancellationToken: run.CancellationToken);
        TextCheck[] checks = [.. detector.CheckAll(test.Select(row => TextRow.Row(row.Domain)), run.CancellationToken)];
        var unsupervised = new ScoreCurve([.. checks.Zip(test, (check, row) => (check.Score, IsMade(row)))]);
        return
        [
            ("auc", supervised.AreaUnderRocCurve!.Value),
            ("tpr_at_1pct", supervised.FindThreshold(0.01)!.Value.TruePositiveRate),
            ("tpr_at_01pct", supervised.FindThreshold(0.001)!.Value.TruePositiveRate),
            ("accuracy", supervised.Accuracy),
            ("seconds", classifier.TrainingSummary!.Elapsed.TotalSeconds),
            ("unsupervised_auc", unsupervised.Area),
            ("unsupervised_tpr_at_1pct", unsupervised.TruePositiveRateAt(0.01)),
            ("unsupervised_tpr_at_01pct", unsupervised.TruePositiveRateAt(0.001)),
            ("unsupervised_fpr", Share(checks.Zip(test).Where(pair => !IsMade(pair.Second)), pair => pair.First.IsAnomaly)),
            ("unsupervised_seconds", model.TrainingSummary!.Elapsed.TotalSeconds),
        ];
    }

    private static bool IsMade((string Domain, string? Family) row) => row.Family is not null;

    private static LabelledText Labelled((string Domain, string? Family) row) => new(row.Domain, IsMade(row) ? "machine" : "human");

    private static double Share<T>(IEnumerable<T> items, Func<T, bool> counts) => items.Average(item => counts(item) ? 1.0 : 0);

    /// <summary>Shows which families are found: a mean hides those that never are.</summary>
    private static void ShowFamilies(RecipeRun run, RnnTextClassifier classifier, (string Domain, string? Family)[] test, float threshold)
    {
        int made = classifier.Labels.ToList().IndexOf("machine");
        (string Domain, string? Family)[] machine = [.. test.Where(IsMade)];
        IEnumerable<bool> found = classifier.ClassifyAll(machine.Select(row => row.Domain))
            .Select(answer => answer.Probabilities[made] > threshold);
        run.Show("found at 1 % false positives, by family", string.Join(Environment.NewLine, machine.Zip(found)
            .GroupBy(row => row.First.Family, StringComparer.Ordinal).OrderBy(family => family.Key, StringComparer.Ordinal)
            .Select(family => FormattableString.Invariant($"{family.Key} {Share(family, row => row.Second):P1} of {family.Count()}"))));
    }

    private static TextClassifierOptions Options(RecipeRun run) => new()
    {
        Model = { Cell = CellType.Gru, HiddenSize = Units, EmbeddingSize = 32 },
        Data = { BatchSize = 64 },
        Optimizer = { LearningRate = 5e-3, Schedule = LearningRateSchedule.Cosine },
        Training =
        {
            Epochs = Epochs, ValidationFraction = 0, Seed = run.Seed, Progress = run.Progress, CancellationToken = run.CancellationToken,
            OnCancel = CancellationBehavior.Throw,
        },
        Device = run.Device,
    };

    private static LanguageModelOptions LanguageModel(RecipeRun run)
    {
        LanguageModelOptions options = run.NewOptions();
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize) = (CellType.Gru, Units, 32);
        (options.Data.Mode, options.Data.BatchSize) = (DataMode.Rows, 64);
        (options.Optimizer.LearningRate, options.Optimizer.Schedule) = (5e-3, LearningRateSchedule.Cosine);
        (options.Training.Epochs, options.Training.ValidationFraction) = (Epochs, 0);
        return options;
    }
}
