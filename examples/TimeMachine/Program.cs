// Dive into Deep Learning's language model (2023 edition): The Time Machine, 28 tokens, windows at every offset in random order, a small
// GRU.
using System.Globalization;
using System.Text.RegularExpressions;
using Examples;
using RnnLm;

const int Window = 32, Training = 10_000, Validation = 5_000;
string text = Regex.Replace(File.ReadAllText(Corpus.Find("timemachine.txt")), "[^A-Za-z]+", " ", RegexOptions.NonBacktracking)
    .ToLowerInvariant();

var options = new LanguageModelOptions
{
    Vocabulary = { Characters = " abcdefghijklmnopqrstuvwxyz" },   // and the unknown token
    Model = { Cell = CellType.Gru, HiddenSize = 32, EmbeddingSize = 0 },   // one-hot
    Data = { Mode = DataMode.Stream, BatchSize = 1024, SequenceLength = Window, WindowOrder = WindowOrder.Random, WindowStride = 1 },
    Optimizer = { Kind = OptimizerKind.Sgd, LearningRate = 4, ClipNorm = 1 },
    Training = { Epochs = 50, Seed = 1, Progress = new WhenReported<TrainingProgress>(Show) },
};
using RnnLanguageModel model = RnnLanguageModel.Train(
    [text[..(Training + Window)]], options, validation: [text.Substring(Training, Validation + Window)]);

var greedy = new SamplingOptions { Temperature = 0, MaxLength = 20, IncludePrompt = true };
Console.WriteLine(model.Generate("it has", greedy));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT validation_perplexity={Math.Exp(model.TrainingSummary!.ValidationLoss!.Value):F3} "
    + $"seconds={model.TrainingSummary.Elapsed.TotalSeconds:F1}"));

static void Show(TrainingProgress p)
{
    if (p.ValidationLoss is not null && p.Epoch % 10 == 0)
        Console.WriteLine($"epoch {p.Epoch}: training perplexity {Math.Exp(p.Loss):F2}, validation perplexity {p.Perplexity:F2}");
}
