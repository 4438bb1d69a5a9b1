// Karpathy's min-char-rnn: 100 units, tanh, one-hot characters, windows of 25 with the state carried on, the loss summed, gradients clipped
// at 5, Adagrad.
using System.Globalization;
using Examples;
using RnnLm;

const int Window = 25;
string text = File.ReadAllText(Corpus.Find("tinyshakespeare.txt"));

var options = new LanguageModelOptions
{
    Model =
    {
        Cell = CellType.Rnn, HiddenSize = 100, EmbeddingSize = 0,
        Initialization = WeightInitialization.Normal, InitializationStandardDeviation = 0.01,
    },
    Data = { BatchSize = 1, SequenceLength = Window, HiddenState = HiddenStateMode.ZeroEachEpoch },
    Optimizer = { Kind = OptimizerKind.Adagrad, LearningRate = 0.1, Epsilon = 1e-8, ClipNorm = 0, ClipValue = 5 },
    Training =
    {
        Epochs = 0, MaxSteps = 50_000, LossReduction = LossReduction.Sum, ValidationFraction = 0, Seed = 1,
        ReportEvery = 10_000, Progress = new WhenReported<TrainingProgress>(Show),
    },
};
using RnnLanguageModel model = RnnLanguageModel.Train([text], options);

Console.WriteLine("----");
await foreach (string piece in model.GenerateAsync("\n", new SamplingOptions { MaxLength = 200, Seed = 1 }))
    Console.Write(piece);
Console.WriteLine();
Console.WriteLine("----");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT smoothed_loss={model.TrainingSummary!.SmoothedLoss * Window:F2} seconds={model.TrainingSummary.Elapsed.TotalSeconds:F1} "
    + $"chars_per_s={model.TrainingSummary.CharactersPerSecond:F0}"));

// The script prints the loss of a window; the library's is that of a character.
static void Show(TrainingProgress p) =>
    Console.WriteLine($"iter {p.Step}, loss: {p.SmoothedLoss * Window:F6}");
