// Which country is a surname from? Many characters to one answer: a bidirectional GRU over names of different lengths, packed and padded.
using System.Globalization;
using Examples;
using RnnLm;

(string Name, string Country)[] training = Corpus.ReadNames("train"), test = Corpus.ReadNames("test");

var options = new TextClassifierOptions
{
    Model = { Cell = CellType.Gru, HiddenSize = 100, EmbeddingSize = 100, Layers = 2, Dropout = 0.2 },
    Data = { BatchSize = 256 },
    Optimizer = { LearningRate = 1e-3 },
    Training = { Epochs = 8, Seed = 1, Progress = new WhenReported<TrainingProgress>(Show) },
};
using RnnTextClassifier model = RnnTextClassifier.Train(training.Select(row => new LabelledText(row.Name, row.Country)), options);

foreach (string name in new[] { "Dostoevsky", "Schneider", "Nakamura", "O'Brien" })
    Console.WriteLine($"{name}: {model.Classify(name).Label}");

int right = model.ClassifyAll(test.Select(row => row.Name)).Zip(test, (answer, row) => answer.Label == row.Country).Count(same => same);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT accuracy={right / (double)test.Length:F4} seconds={model.TrainingSummary!.Elapsed.TotalSeconds:F1}"));

static void Show(TrainingProgress p)
{
    if (p.ValidationAccuracy is { } accuracy)
        Console.WriteLine($"epoch {p.Epoch}: {accuracy:P1} of the validation names");
}
