// What a model gives away of its training rows: how close its rows are to them, beside real rows that it was not trained on; and what it
// remembers of made-up rows that were planted among them.
using System.Text.RegularExpressions;
using RnnLm;

string path = Path.Combine(AppContext.BaseDirectory, "messages.txt");
var number = new Regex("[0-9]{2}-[0-9]{5}", RegexOptions.None, TimeSpan.FromSeconds(1));
TextRow[] rows = [.. from line in File.ReadLines(path) from Match match in number.Matches(line) select TextRow.Row(match.Value)];

// One row in five is held out.
TextRow[] training = [.. rows.Where((_, place) => place % 5 > 0)], heldOut = [.. rows.Where((_, place) => place % 5 == 0)];
var options = new LanguageModelOptions
{
    Model = { Cell = CellType.Gru, HiddenSize = 32 },
    Data = { Mode = DataMode.Rows, BatchSize = 16 },
    Training = { MaxSteps = 300, Seed = 1 },
    Sampling = { MaxLength = 20 },
};
using RnnLanguageModel model = RnnLanguageModel.Train(training, options);
TextRow[] generated = [.. model.GenerateRows(new GenerateOptions { Rows = 500, Seed = 1 }).Select(row => TextRow.Row(row.Text))];

PrivacyReport report = PrivacyReport.Compare(training, generated, heldOut);
Console.WriteLine($"{report.Generated.NearCopyShare:P1} near copies, of real rows {report.HeldOut!.NearCopyShare:P1}: {report.Comparison}");

CanarySet canaries = CanarySet.Draw("[0-9]{2}-[0-9]{5}-[0-9]{3}", perRepeats: 5, repeats: [0, 1, 10], seed: 1);
using RnnLanguageModel planted = RnnLanguageModel.Train(canaries.Plant(training), options);
foreach (CanaryExposure found in planted.MeasureExposure(canaries).Canaries)
    Console.WriteLine($"{found.Canary.Text}, planted {found.Canary.Repeats} times: {found.Exposure:F1} of {canaries.Format.Bits:F1} bits");

Console.WriteLine($"RESULT near_copies={report.Generated.NearCopies} rows={report.Generated.Rows}");
