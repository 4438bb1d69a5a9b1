namespace RnnLm.Tests.DataSets;

/// <summary>Models that are trained in a second, and the rows that they were trained on.</summary>
internal static class SmallModels
{
    public static readonly string[] ArticleRows = [.. MakeArticles(1500)];

    public static readonly TextRow[] NameRows =
    [
        .. Repeat(60, "Anna", "it"), .. Repeat(60, "Bianca", "it"), .. Repeat(40, "Otto", "de"), .. Repeat(20, "Ulf", "de"),
        .. Repeat(20, "Ana", "es"),
    ];

    private static readonly Lazy<RnnLanguageModel> LazyArticles = new(() => Train(ArticleRows.Select(TextRow.Row)));
    private static readonly Lazy<RnnLanguageModel> LazyNames = new(() => Train(NameRows, steps: 800));
    private static readonly Lazy<RnnLanguageModel> LazyCountries =
        new(() => Train(Enumerable.Repeat((string[])["it", "de", "es", "it"], 60).SelectMany(names => names).Select(TextRow.Row)));
    private static readonly Lazy<RnnLanguageModel> LazyPairs = new(() =>
        Train(Enumerable.Range(0, 400).Select(i => TextRow.Pair($"{i % 10}+{i / 10 % 10}", $"{(i % 10) + (i / 10 % 10)}")),
        DataMode.Pairs));

    /// <summary>Gets a model of rows such as AX-1234-B.</summary>
    public static RnnLanguageModel Articles => LazyArticles.Value;

    /// <summary>Gets a model of a few names under conditions.</summary>
    public static RnnLanguageModel Names => LazyNames.Value;

    /// <summary>Gets a model that writes the conditions of <see cref="Names"/>, mostly.</summary>
    public static RnnLanguageModel Countries => LazyCountries.Value;

    /// <summary>Gets a model of sums and what they make.</summary>
    public static RnnLanguageModel Pairs => LazyPairs.Value;

    private static RnnLanguageModel Train(IEnumerable<TextRow> rows, DataMode mode = DataMode.Rows, int steps = 250)
    {
        var options = new LanguageModelOptions
        {
            Model = { Cell = CellType.Gru, HiddenSize = 16, EmbeddingSize = 8 },
            Data = { Mode = mode, BatchSize = 16, KeepTextFilter = true },
            Optimizer = { LearningRate = 0.01 },
            Training = { MaxSteps = steps, Seed = 3 },
            Sampling = { MaxLength = 24 },
            Device = { Engine = EngineKind.Managed, Threads = 1 },
        };
        return RnnLanguageModel.Train(rows, options);
    }

    private static IEnumerable<string> MakeArticles(int count)
    {
        var random = new Random(5);
        for (int i = 0; i < count; i++)
            yield return $"{(random.Next(2) == 0 ? "AX" : "BK")}-{random.Next(1000, 10000)}-{(char)('A' + random.Next(4))}";
    }

    private static IEnumerable<TextRow> Repeat(int times, string text, string condition) =>
        Enumerable.Repeat(TextRow.Row(text, condition), times);
}
