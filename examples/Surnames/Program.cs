// Surnames as rows between a start and an end token, drawn in batches at several temperatures and from two initial states; then steered by
// country.
using System.Globalization;
using Examples;
using RnnLm;

(string Name, string Country)[] training = Corpus.ReadNames("train"), test = Corpus.ReadNames("test");

var options = new LanguageModelOptions
{
    Model = { Cell = CellType.Gru, HiddenSize = 128, OutputDropout = 0.3 },
    Data = { Mode = DataMode.Rows, BatchSize = 64 },
    Optimizer = { Kind = OptimizerKind.AdamW, LearningRate = 4e-3, WeightDecay = 0.05, Schedule = LearningRateSchedule.Cosine },
    Training = { Epochs = 8, Seed = 1, Progress = new WhenReported<TrainingProgress>(Show) },
    Sampling = { Temperature = 0.8, MaxLength = 30, Seed = 1 },
};
using RnnLanguageModel model = RnnLanguageModel.Train(training.Select(row => TextRow.Row(row.Name)), options);

foreach (double temperature in new[] { 0.3, 0.7, 1.2 })
    Console.WriteLine($"temperature {temperature}: {string.Join(", ", Draw(model, 6, new() { Temperature = temperature, Seed = 1 }))}");
// A start that the model was not trained from: it finds its way back after a letter or two.
var fromOnes = new SamplingOptions { Temperature = 0.8, Seed = 1, InitialState = InitialState.Ones };
Console.WriteLine($"from a state of ones: {string.Join(", ", Draw(model, 6, fromOnes))}");

var known = training.Select(row => row.Name).ToHashSet(StringComparer.Ordinal);
int invented = Draw(model, 1000, new() { Seed = 1 }).Count(name => !known.Contains(name));
Console.WriteLine($"of 1000 names drawn at temperature 1, {invented} are not in the training data");

// A learned embedding of the country starts the hidden state.
IEnumerable<TextRow> rows = training.Select(row => TextRow.Row(row.Name, row.Country));
using RnnLanguageModel steered = RnnLanguageModel.Train(rows, options);
foreach (string country in new[] { "Japanese", "Scottish", "Italian", "Russian" })
    Console.WriteLine($"{country}: {string.Join(", ", Draw(steered, 6, options.Sampling, country))}");

// Each character and each name's end counts.
TextEvaluation unseen = model.Evaluate(test.Select(row => TextRow.Row(row.Name)));
Console.WriteLine($"{unseen.Count:N0} characters: {unseen.BitsPerCharacter:F3} bits a character, {unseen.BitsPerByte:F3} bits a byte, "
    + $"{unseen.UnknownShare:P1} unknown");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT validation_loss={unseen.NatsPerCharacter:F4} seconds={model.TrainingSummary!.Elapsed.TotalSeconds:F1}"));

static IEnumerable<string> Draw(RnnLanguageModel model, int count, SamplingOptions sampling, string? country = null) =>
    model.GenerateAll(Enumerable.Repeat("", count), sampling, country).Select(samples => samples[0].Text);

static void Show(TrainingProgress p)
{
    if (p.ValidationLoss is not null)
        Console.WriteLine($"epoch {p.Epoch}: {p.BitsPerCharacter:F3} bits a character");
}
