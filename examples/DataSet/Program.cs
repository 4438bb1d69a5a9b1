// Test data made to order: order numbers that look real and are not, with a check digit; and records of two columns, where one is the
// condition of the other.
using System.Text.RegularExpressions;
using RnnLm;

string path = Path.Combine(AppContext.BaseDirectory, "messages.txt");
var number = new Regex("[0-9]{2}-[0-9]{5}", RegexOptions.None, TimeSpan.FromSeconds(1));

// Answers of the service desk begin with "Dear"; all others are what customers write.
TextRow[] rows =
[
    .. from line in File.ReadLines(path)
       from Match match in number.Matches(line)
       select TextRow.Row(match.Value, condition: line.StartsWith("Dear", StringComparison.Ordinal) ? "answer" : "question"),
];
var options = new LanguageModelOptions
{
    Model = { Cell = CellType.Gru, HiddenSize = 32 },
    Data = { Mode = DataMode.Rows, BatchSize = 16, KeepTextFilter = true },
    Training = { MaxSteps = 300, Seed = 1 },
    Sampling = { MaxLength = 20 },
};
using RnnLanguageModel model = RnnLanguageModel.Train(rows, options);
using RnnLanguageModel kinds = RnnLanguageModel.Train(rows.Select(row => TextRow.Row(row.Condition!)), options);

var order = new GenerateOptions { Rows = 20, Unique = true, Seed = 1 };
foreach (GeneratedRow row in model.GenerateRows(order, column => (column.New, column.Validator) = (true, CheckDigits.Luhn)))
    Console.WriteLine(row.IsMissing ? $"row {row.Number}: nothing in {row.Rejected.Total} tries" : row.Text);

var records = new RowGenerator(
    new GenerateOptions { Rows = 10, Unique = true, Seed = 1 },
    new GenerateColumn(kinds, "Kind"),
    new GenerateColumn(model, "Order") { ConditionColumn = "Kind", New = true });
foreach (GeneratedRow row in records.Rows().Where(row => !row.IsMissing))
    Console.WriteLine(string.Join(" | ", records.Names.Zip(row.Values, (name, value) => $"{name}: {value}")));

Console.WriteLine($"RESULT rows={records.Rows().Count(row => !row.IsMissing)}");
