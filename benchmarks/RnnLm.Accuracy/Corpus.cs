using System.Globalization;
using System.Text.RegularExpressions;
using Scoring;

namespace RnnLm.Accuracy;

/// <summary>Rows to train on and rows that are held out.</summary>
/// <param name="Training">The rows to train on.</param>
/// <param name="HeldOut">The rows that are held out.</param>
/// <param name="Units">The number of the model's hidden units.</param>
/// <param name="BatchSize">The number of rows of a minibatch.</param>
/// <param name="Epochs">The number of passes over the training rows.</param>
internal sealed partial record Corpus(string[] Training, string[] HeldOut, int Units, int BatchSize, int Epochs)
{
    public static IReadOnlyList<string> Names { get; } = ["surnames", "articles", "ean", "messages", "openssh"];

    /// <summary>Gets what says whether a text is one that might be, where there is a rule for it.</summary>
    public Func<string, bool>? IsValid { get; private init; }

    /// <summary>Gets whether the rows are sentences, which are completed word by word.</summary>
    public bool IsProse { get; private init; }

    /// <summary>Gets the characters of the training rows, from which mistakes are made.</summary>
    public string Characters => new([.. Training.SelectMany(row => row).Distinct().Order()]);

    public static Corpus Find(string name) => name switch
    {
        "surnames" => new(Surnames("train"), Surnames("test"), Units: 256, BatchSize: 64, Epochs: 30),
        "articles" => Articles(),
        "ean" => Eans(),
        "messages" => Messages(),
        _ => throw new ArgumentException($"There are no rows '{name}'; there are {string.Join(", ", Names)}."),
    };

    public RnnLanguageModel Train(long seed = 1) => RnnLanguageModel.Train(Training.Select(TextRow.Row), new LanguageModelOptions
    {
        Model = { Cell = CellType.Gru, HiddenSize = Units, EmbeddingSize = 64, InputDropout = 0.1, OutputDropout = 0.4 },
        Data = { Mode = DataMode.Rows, BatchSize = BatchSize },
        Optimizer =
        {
            Kind = OptimizerKind.AdamW, LearningRate = 0.002, WeightDecay = 0.05, ClipNorm = 1, Schedule = LearningRateSchedule.Cosine,
        },
        Training = { Epochs = Epochs, ValidationFraction = 0.05, Seed = seed },
    });

    /// <summary>Returns a file of the folder that RNNLM_DATA names.</summary>
    public static string DataFile(params string[] path)
    {
        string folder = Environment.GetEnvironmentVariable("RNNLM_DATA")
            ?? throw new ArgumentException("Set RNNLM_DATA to the folder with the corpora; docs/training.md says where they are from.");
        return Path.Combine([folder, .. path]);
    }

    private static string[] Surnames(string part) =>
        [.. File.ReadLines(DataFile("names18", part + ".csv")).Select(line => line[1..^1].Split("\",\"")[0])];

    private static Corpus Articles()
    {
        string[] rows = [.. new ArticleNumbers(seed: 1).Take(8000).Select(number => number.Text)];
        return new(rows[..4000], rows[4000..], Units: 64, BatchSize: 32, Epochs: 20) { IsValid = Form().IsMatch };
    }

    /// <summary>Article numbers of three makers with the check digit of EAN-13.</summary>
    private static Corpus Eans()
    {
        var random = new Random(1);
        string[] makers = ["4012345", "4036021", "5901234"];
        string[] rows = [.. Enumerable.Range(0, 8000).Select(_ => WithCheckDigit($"{makers[random.Next(3)]}{random.Next(100_000):00000}"))];
        return new(rows[..4000], rows[4000..], Units: 64, BatchSize: 32, Epochs: 20)
        {
            IsValid = text => text.Length == 13 && makers.Any(maker => text.StartsWith(maker, StringComparison.Ordinal))
                && CheckDigits.Ean(text),
        };
    }

    private static Corpus Messages()
    {
        string[] rows = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "messages.txt"));
        new Random(1).Shuffle(rows);
        return new(rows[..640], rows[640..], Units: 256, BatchSize: 8, Epochs: 40) { IsProse = true };
    }

    private static string WithCheckDigit(string number) => Enumerable.Range(0, 10)
        .Select(digit => string.Create(CultureInfo.InvariantCulture, $"{number}{digit}")).First(CheckDigits.Ean);

    /// <summary>The three forms of numbers, as the program that makes them has them.</summary>
    [GeneratedRegex("^([BDEHKLMRT]{2}-[0-9]{4}-(1[89]|2[0-6])|[BDEHKLMRT](1[89]|2[0-6])-[0-9]{3}-[BDEHKLMRT][0-9]"
        + "|[0-9]{2}[BDEHKLMRT]-[0-9]{3}-[BDEHKLMRT]{2})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
