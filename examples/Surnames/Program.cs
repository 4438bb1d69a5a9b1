// Surnames as rows between a start and an end token, steered by country, and drawn in batches: at several temperatures, and from two initial states.
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
// A learned embedding of the country starts the hidden state. Without a country, the state starts as the model's own.
IEnumerable<TextRow> rows = training.Select(row => new TextRow(row.Name.AsMemory(), Condition: row.Country));
using RnnLanguageModel model = RnnLanguageModel.Train(rows, options);

foreach (string country in new[] { "Japanese", "Scottish", "Italian", "Russian" })
    Console.WriteLine($"{country}: {string.Join(", ", Draw(6, options.Sampling, country))}");

foreach (double temperature in new[] { 0.3, 0.7, 1.2 })
    Console.WriteLine($"temperature {temperature}: {string.Join(", ", Draw(6, new() { Temperature = temperature, Seed = 1 }, "Greek"))}");

// A state that the model was not trained from is another seed of variety.
Console.WriteLine($"from a state of ones: {string.Join(", ", Draw(6, new() { Temperature = 0.8, Seed = 1, InitialState = InitialState.Ones }, null))}");

var known = training.Select(row => row.Name).ToHashSet(StringComparer.Ordinal);
string[] drawn = [.. Draw(1000, new() { Seed = 1 }, "German")];
Console.WriteLine($"of {drawn.Length} drawn at temperature 1, {drawn.Count(name => !known.Contains(name))} are not in the training data");

double logProbability = 0, characters = 0;
foreach (IGrouping<string, (string Name, string Country)> country in test.GroupBy(row => row.Country, StringComparer.Ordinal))
{
    foreach (TextScore score in model.ScoreAll(country.Select(row => row.Name), country.Key))
        (logProbability, characters) = (logProbability + score.LogProbability, characters + score.Count);
}

Console.WriteLine(FormattableString.Invariant($"RESULT validation_loss={-logProbability / characters:F4} seconds={model.Training!.Elapsed.TotalSeconds:F1}"));

IEnumerable<string> Draw(int count, SamplingOptions sampling, string? country) =>
    model.GenerateAll(Enumerable.Repeat("", count), sampling, country).Select(samples => samples[0].Text);

static void Show(TrainingProgress p)
{
    if (p.ValidationLoss is not null)
        Console.WriteLine($"epoch {p.Epoch}: {p.BitsPerCharacter:F3} bits a character");
}
