// A language model without ML.NET: trained on a file, saved, loaded, and asked to write, to stream and to score.
using System.Globalization;
using System.Text.RegularExpressions;
using RnnLm;

string path = Path.GetFullPath(args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "messages.txt"));
// What is written lies beside the program.
Environment.CurrentDirectory = AppContext.BaseDirectory;

var options = new LanguageModelOptions
{
    Model = { Cell = CellType.Gru, HiddenSize = 128 },
    Data = { Mode = DataMode.Rows, BatchSize = 16 },
    Training =
    {
        Epochs = 8,
        MaxMinutes = 1,
        Seed = 1,
        Progress = new Progress<TrainingProgress>(p => Console.WriteLine($"epoch {p.Epoch}: perplexity {p.Perplexity:F2}"))
    },
    Sampling = { Temperature = 0.5, MaxLength = 200, Seed = 1 },
};
using RnnLanguageModel trained = RnnLanguageModel.Train(File.ReadLines(path).Select(TextRow.Row), options);
trained.Save("messages.zip");

using RnnLanguageModel model = RnnLanguageModel.Load("messages.zip");
Console.WriteLine(model.Generate("Hello, I ordered "));

await foreach (string piece in model.GenerateAsync("Could you please "))
    Console.Write(piece);
Console.WriteLine();

using GenerationSession session = model.StartSession(new SamplingOptions { Temperature = 0.5, StopStrings = ["."] });
session.Append("Hello, I ordered ");
string written = session.Generate().Text;
session.Append(". It has not ");   // nothing is read twice
await foreach (string piece in session.GenerateAsync())
    written += piece;
Console.WriteLine(written);

var numbered = new SamplingOptions { Pattern = @"My order (number is )?[1-9][0-9]{4}\.", Seed = 1 };
Console.WriteLine(model.Generate("", numbered));

var form = new Regex(@"^Hello, [a-zA-Z ,]{10,60}[.?]$", RegexOptions.None, TimeSpan.FromSeconds(1));
foreach (ValidatedText row in model.GenerateValid(Enumerable.Repeat("", 3), form.IsMatch, maxTries: 1000))
    Console.WriteLine(row.Text?.Text ?? $"nothing in {row.Tries} tries");

var eight = new SamplingOptions { Pattern = "[0-9]{8}", Seed = 1 };
ValidatedText[] articles = [.. model.GenerateValid(Enumerable.Repeat("", 5), CheckDigits.Ean, maxTries: 200, eight)];
Console.WriteLine($"{articles.Count(row => row.Text is not null)} of 5 article numbers, {articles.Sum(row => row.Tries)} tries");

foreach (Suggestion suggestion in model.Suggest("Thank you for yo"))
    Console.WriteLine($"{suggestion.Probability:P1} {suggestion.Text}");

using SuggestSession typing = model.StartSuggesting(new SuggestOptions { Count = 3, Typos = 1 });
foreach (string key in new[] { "T", "h", "n", "a", "k" })
{
    typing.Append(key);
    SuggestionList suggestions = typing.Suggest();   // the model reads what is new alone
    Console.WriteLine($"{typing.Text}: {string.Join(", ", suggestions.Select(suggestion => suggestion.Text))}");
}

TextScore usual = model.Score("Thank you for your help."), odd = model.Score("Thnak yuo fro yuor hlep.");
Console.WriteLine($"perplexity {usual.Perplexity:F1} and {odd.Perplexity:F1}; the oddest character is at {odd.LeastLikelyPosition}");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT validation_loss={model.TrainingSummary!.ValidationLoss:F4} seconds={model.TrainingSummary.Elapsed.TotalSeconds:F1}"));
