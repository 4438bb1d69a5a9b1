// A training that is watched, stopped and gone on with; then trained further on new text. Last, what a private one would guarantee.
using System.Globalization;
using Examples;
using RnnLm;

string path = Path.GetFullPath(args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "messages.txt"));
// What is written lies beside the program.
Environment.CurrentDirectory = AppContext.BaseDirectory;
TextRow[] messages = [.. File.ReadLines(path).Select(TextRow.Row)];
TextRow[] known = messages[..800], validation = messages[800..1000], later = messages[1000..];
File.Delete("messages.checkpoint");

var options = new LanguageModelOptions
{
    Model = { Cell = CellType.Gru, HiddenSize = 96, EmbeddingSize = 32, OutputDropout = 0.1 },
    Data = { Mode = DataMode.Rows, BatchSize = 16 },
    Optimizer =
    {
        Kind = OptimizerKind.AdamW,
        LearningRate = 4e-3,
        WeightDecay = 0.01,
        ClipNorm = 1,
        Schedule = LearningRateSchedule.Cosine,
        WarmupSteps = 20
    },
    Training = { Epochs = 8, EvaluateEvery = 50, Patience = 4, Seed = 1 },
};
options.Training.CheckpointPath = "messages.checkpoint";   // written at each evaluation, beside its place and then moved there
options.Training.Resume = true;                            // goes on from it, if it is there

// A token that is cancelled stops training, and the best weights so far are kept.
using var stop = new CancellationTokenSource();
options.Training.CancellationToken = stop.Token;
options.Training.Progress = new WhenReported<TrainingProgress>(p =>
{
    if (p.ValidationLoss is not null)
        Console.WriteLine($"step {p.Step}: {p.BitsPerCharacter:F3} bits a character, {p.CharactersPerSecond:N0} characters a second, "
            + $"{p.Remaining:m\\:ss} left");
    if (p.Step == 150)
        stop.Cancel();
});
using (RnnLanguageModel begun = RnnLanguageModel.Train(known, options, validation))
    Console.WriteLine($"stopped after {begun.TrainingSummary!.Steps} steps");

// The same call goes on, to the same bits as if it had not been stopped.
options.Training.CancellationToken = default;
using RnnLanguageModel model = RnnLanguageModel.Train(known, options, validation);
Console.WriteLine($"{model.TrainingSummary!.StopReason}: the weights of step {model.TrainingSummary.BestStep} of "
    + $"{model.TrainingSummary.Steps} are kept");

// New text for a trained model. Its network stays; what it has not seen of characters it learns.
(options.Training.CheckpointPath, options.Training.Resume, options.Training.Progress) = (null, false, null);
(options.Training.Epochs, options.Optimizer.LearningRate, options.Vocabulary.Grow) = (2, 1e-3, true);
options.Training.Log = new WhenReported<LogMessage>(message => Console.WriteLine(message.Text));
using RnnLanguageModel further = RnnLanguageModel.Train(later, options, validation, previous: model);

// What 3,000 steps of private training cost for 50,000 rows in minibatches of 512, before any is taken: an ε of 4.044.
double epsilon = PrivacyGuarantee.ComputeEpsilon(noiseMultiplier: 1, samplingRate: 512 / 50_000.0, steps: 3_000, delta: 1e-6);
Console.WriteLine($"private training would have an epsilon of {epsilon:F2}");

Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT validation_loss={further.TrainingSummary!.ValidationLoss:F4} "
    + $"validation_loss_before={model.TrainingSummary.ValidationLoss:F4} seconds={model.TrainingSummary.Elapsed.TotalSeconds:F1}"));
