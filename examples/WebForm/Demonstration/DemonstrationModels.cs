using System.Diagnostics;
using RnnLm;
using WebForm.Models;

namespace WebForm.Demonstration;

/// <summary>The two models of the demonstration: article numbers, and messages to a service desk. Each is calibrated, so that it
/// checks.</summary>
internal static class DemonstrationModels
{
    /// <summary>Trains those models that are served and missing, or all of them again.</summary>
    public static void Train(ModelPool pool, bool again)
    {
        foreach ((string name, Func<AnomalyDetector> train) in ((string, Func<AnomalyDetector>)[])
                 [("articles", TrainArticles), ("messages", TrainMessages)])
        {
            if (!pool.Models.TryGetValue(name, out ServedModel? model) || (!again && File.Exists(model.Path)))
                continue;
            Console.WriteLine($"Training the demonstration's model '{name}' …");
            long start = Stopwatch.GetTimestamp();
            Directory.CreateDirectory(Path.GetDirectoryName(model.Path)!);
            train().Save(model.Path);
            Console.WriteLine($"Saved {model.Path} after {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s.");
        }
    }

    private static AnomalyDetector TrainArticles()
    {
        var numbers = new ArticleNumbers();
        string[] rows = [.. Enumerable.Range(0, 5000).Select(_ => numbers.Next())];
        return Train(rows[..4000], rows[4000..], new LanguageModelOptions
        {
            Model = { Cell = CellType.Gru, HiddenSize = 64 },
            Data = { Mode = DataMode.Rows, BatchSize = 32, KeepTextFilter = true },
            Optimizer = { LearningRate = 0.01, Schedule = LearningRateSchedule.Cosine },
            Training = { Epochs = 8, Seed = 1 },
            Sampling = { MaxLength = 20 },
        });
    }

    private static AnomalyDetector TrainMessages()
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "messages.txt"));
        return Train(lines.Where((_, i) => i % 4 != 0), lines.Where((_, i) => i % 4 == 0), new LanguageModelOptions
        {
            Model = { Cell = CellType.Gru, HiddenSize = 128 },
            Data = { Mode = DataMode.Rows, BatchSize = 16, KeepTextFilter = true },
            Optimizer = { LearningRate = 0.01, Schedule = LearningRateSchedule.Cosine },
            Training = { Epochs = 16, MaxMinutes = 1, Seed = 1 },
            Sampling = { Temperature = 0.5, MaxLength = 300 },
        });
    }

    private static AnomalyDetector Train(IEnumerable<string> rows, IEnumerable<string> heldOut, LanguageModelOptions options) =>
        RnnLanguageModel.Train(rows.Select(TextRow.Row), options).Calibrate(heldOut.Select(TextRow.Row));
}
