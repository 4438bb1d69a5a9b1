// An ML.NET pipeline that learns to write from a text file, saved as a zip and used from it by another process.
//
//   Quickstart                              trains on the messages beside the program, and lets a second process write
//   Quickstart train TEXT.txt MODEL.zip     trains on a file with a text in each line
//   Quickstart sample MODEL.zip PROMPT...   loads the model and continues prompts
//
// Options: --device cpu|cuda|cuda:N|mps, --engine auto|managed|torchsharp

using System.Diagnostics;
using Microsoft.ML;
using Quickstart;
using RnnLm;
using RnnLm.MLNet;

try
{
    var arguments = new Arguments(args);
    switch (arguments.Command)
    {
        case "train":
            Train(arguments.Files[0], arguments.Files[1], arguments.Device);
            return 0;
        case "sample":
            Sample(arguments.Files[0], arguments.Files[1..]);
            return 0;
        default:
            string model = Path.Combine(AppContext.BaseDirectory, "messages.zip");
            Train(Path.Combine(AppContext.BaseDirectory, "Data", "messages.txt"), model, arguments.Device);
            return StartAgain("sample", model, "Hello, I ordered ", "Dear Mrs ", "My parcel ");
    }
}
catch (Exception e) when (e is ArgumentException or IOException or InvalidOperationException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static void Train(string corpus, string path, DeviceOptions device)
{
    var ml = new MLContext(seed: 1);
    ml.Log += (_, entry) =>
    {
        if (entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            Console.WriteLine(entry.RawMessage);
    };
    IDataView messages = ml.Data.LoadFromTextFile<Message>(corpus);

    var pipeline = ml.Transforms.Text.RnnLanguageModel("Continuation", "Text", new RnnLanguageModelTrainer.Options
    {
        Model = { Cell = CellType.Gru, HiddenSize = 256 },
        Data = { Mode = DataMode.Rows, BatchSize = 16 },
        Optimizer = { LearningRate = 0.004, Schedule = LearningRateSchedule.Cosine },
        Training = { Epochs = 16, MaxMinutes = 1.3, Progress = new ConsoleProgress() },
        Sampling = { Temperature = 0.5, MaxLength = 200, Seed = 1 },
        Device = device,
    });
    using RnnLanguageModelTransformer model = pipeline.Fit(messages);
    ml.Model.Save(model, messages.Schema, path);

    TrainingSummary training = model.Model.TrainingSummary!;
    Console.WriteLine($"Saved {path}, {new FileInfo(path).Length / 1024:N0} KB.");
    Console.WriteLine($"RESULT validation_loss={training.ValidationLoss:F4} "
        + $"validation_perplexity={Math.Exp(training.ValidationLoss ?? double.NaN):F3} "
        + $"seconds={training.Elapsed.TotalSeconds:F1} chars_per_s={training.CharactersPerSecond:F0}");
}

static void Sample(string path, IEnumerable<string> prompts)
{
    var ml = new MLContext();
    ITransformer model = ml.Model.Load(path, out _);
    using PredictionEngine<Message, Reply> engine = ml.Model.CreatePredictionEngine<Message, Reply>(model);
    foreach (string prompt in prompts)
        Console.WriteLine(prompt + engine.Predict(new Message { Text = prompt }).Continuation);
}

static int StartAgain(params string[] arguments)
{
    Console.WriteLine("A second process loads the model:");
    using Process process = Process.Start("dotnet", [Environment.GetCommandLineArgs()[0], .. arguments]);
    process.WaitForExit();
    return process.ExitCode;
}
