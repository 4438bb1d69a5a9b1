// Sums as pairs of a question and its answer. The loss counts on the answer alone, which is written by feeding back what was written.
using System.Globalization;
using Examples;
using RnnLm;

(string Question, string Answer)[] sums =
    [.. from a in Enumerable.Range(0, 100) from b in Enumerable.Range(0, 100) select ($"{a}+{b}=?", $"{a + b}")];
new Random(1).Shuffle(sums);
(string Question, string Answer)[] heldOut = sums[..1000], training = sums[1000..];

var options = new LanguageModelOptions
{
    Model = { Cell = CellType.Lstm, HiddenSize = 128, EmbeddingSize = 32 },
    Data = { Mode = DataMode.Pairs, BatchSize = 64 },
    // Weight decay makes the difference between sums learned by heart and adding.
    Optimizer =
    {
        Kind = OptimizerKind.AdamW,
        LearningRate = 4e-3,
        WeightDecay = 0.1,
        ClipNorm = 1,
        Schedule = LearningRateSchedule.Cosine
    },
    Training = { Epochs = 100, Seed = 1, Progress = new WhenReported<TrainingProgress>(Show) },
    Sampling = { Temperature = 0, MaxLength = 10 },
};
IEnumerable<TextRow> pairs = training.Select(sum => TextRow.Pair(sum.Question, sum.Answer));
using RnnLanguageModel model = RnnLanguageModel.Train(pairs, options);

foreach (string question in new[] { "1+1=?", "1+2=?", "17+25=?", "99+99=?" })
    Console.WriteLine($"{question} {model.Generate(question)}");

int right = model.GenerateAll(heldOut.Select(sum => sum.Question)).Zip(heldOut, (samples, sum) => samples[0].Text == sum.Answer)
    .Count(same => same);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT exact_match={right / (double)heldOut.Length:F4} seconds={model.TrainingSummary!.Elapsed.TotalSeconds:F1}"));

static void Show(TrainingProgress p)
{
    if (p.ValidationAccuracy is { } accuracy && p.Epoch % 20 == 0)
        Console.WriteLine($"epoch {p.Epoch}: {accuracy:P1} of the validation digits, {p.CharactersPerSecond:N0} characters a second, "
            + $"{p.Remaining:m\\:ss} left");
}
