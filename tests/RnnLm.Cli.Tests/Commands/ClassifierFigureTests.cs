using System.Globalization;
using System.Text.Json;
using RnnLm.ModelFiles;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

/// <summary>Holds what the commands say of a classifier to what PyTorch says of the same texts.</summary>
public sealed class ClassifierFigureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Models => PyTorchFigures.ClassifierNames;

    [Theory]
    [MemberData(nameof(Models))]
    public void EvaluateSaysWhatPyTorchSays(string name)
    {
        PyTorchFigures.ClassifierFigures fixture = Save(name);
        Directory.CreateDirectory(_folder["parts"]);
        Write("t.tsv", fixture.Rows);
        Write("parts/a.txt", fixture.Rows[..4]);
        Write("parts/b.txt", fixture.Rows[4..]);
        File.WriteAllLines(_folder["t.csv"], ["Text,Label", .. fixture.Rows.Select(row => $"{row.Text},{row.Label}")]);

        foreach (string[] data in (string[][])[["t.tsv"], ["t.csv", "--text-column", "Text", "--label-column", "Label"], ["parts"]])
        {
            JsonElement line = JsonDocument.Parse(CliRun.Ok(["evaluate", _folder["m.zip"], _folder[data[0]], .. data[1..],
                "--json"]).Lines[^1]).RootElement;

            Assert.Equal((fixture.Rows.Length, fixture.Rows.Length - fixture.LossRows),
                (line.GetProperty("rows").GetInt64(), line.GetProperty("unknown_labels").GetInt64()));
            Assert.Equal(fixture.Accuracy, line.GetProperty("accuracy").GetDouble(), 12);
            Assert.Equal(fixture.MacroF1, line.GetProperty("macro_f1").GetDouble(), 12);
            Assert.Equal(fixture.Loss, line.GetProperty("nats_per_text").GetDouble(), 1e-6);
            JsonElement area = line.GetProperty("area_under_curve");
            Assert.Equal(fixture.AreaUnderCurve, area.ValueKind == JsonValueKind.Null ? null : area.GetDouble());
            Assert.Equal(fixture.Rows.Length,
                line.GetProperty("labels").EnumerateObject().Sum(label => label.Value.GetProperty("rows").GetInt64()));
        }
    }

    [Fact]
    public void TheAreaOfTwoLabelsStandsInTheTable()
    {
        PyTorchFigures.ClassifierFigures fixture = Save("two labels");
        Write("t.tsv", fixture.Rows);

        CliRun run = CliRun.Ok("evaluate", _folder["m.zip"], _folder["t.tsv"]);

        Assert.EndsWith("  AUC", run.Lines[0], StringComparison.Ordinal);
        Assert.EndsWith($"  {fixture.AreaUnderCurve:F4}", run.Lines[1], StringComparison.Ordinal);
        fixture = Save("three labels");
        Write("t.tsv", fixture.Rows);
        Assert.EndsWith("nats/text", CliRun.Ok("evaluate", _folder["m.zip"], _folder["t.tsv"]).Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spam", 0.25)]
    [InlineData("spam", 0.5)]
    [InlineData("ham", 0.4)]
    public void TheThresholdThatEvaluatePrintsIsTheOneThatClassifyTakes(string positive, double rate)
    {
        PyTorchFigures.ClassifierFigures fixture = Save("two labels");
        Write("t.tsv", fixture.Rows);
        File.WriteAllLines(_folder["t.txt"], fixture.Rows.Select(row => row.Text));
        string[] options = ["--false-positive-rate", rate.ToString(CultureInfo.InvariantCulture), "--positive", positive];

        CliRun table = CliRun.Ok(["evaluate", _folder["m.zip"], _folder["t.tsv"], .. options]);
        JsonElement line =
            JsonDocument.Parse(CliRun.Ok(["evaluate", _folder["m.zip"], _folder["t.tsv"], "--json", .. options]).Lines[0]).RootElement;

        // By hand, of PyTorch's figures: the most positives that any threshold finds at that rate.
        int index = Array.IndexOf([.. fixture.Classes], positive);
        (double False, double True) best = fixture.Rows.Select(row => row.Probabilities[index]).Append(2)
            .Select(limit => (Share(false, limit), Share(true, limit))).Where(point => point.Item1 <= rate)
            .MaxBy(point => (point.Item2, -point.Item1));
        Assert.Equal(positive, line.GetProperty("positive").GetString());
        Assert.Equal(best.True, line.GetProperty("true_positive_rate").GetDouble(), 12);
        Assert.InRange(line.GetProperty("false_positive_rate").GetDouble(), 0, rate);

        string head = table.Lines.Single(l => l.Contains("wanted FPR", StringComparison.Ordinal));
        string[] cells = table.Lines[table.Lines.ToList().IndexOf(head) + 1].Split("  ", StringSplitOptions.RemoveEmptyEntries);
        string threshold = cells[4].Trim();
        Assert.Equal(line.GetProperty("threshold").GetSingle(), float.Parse(threshold, CultureInfo.InvariantCulture));

        string[] answers = [.. CliRun.Ok("classify", _folder["m.zip"], _folder["t.txt"], "--threshold", threshold, "--positive", positive)
            .Output.Split('\n')[..fixture.Rows.Length]];
        Assert.Equal(line.GetProperty("true_positive_rate").GetDouble(), Called(true), 12);
        Assert.Equal(line.GetProperty("false_positive_rate").GetDouble(), Called(false), 12);
        // The probability is that of the label beside it.
        foreach ((string answer, PyTorchFigures.LabelFigures row) in answers.Zip(fixture.Rows))
        {
            string[] parts = answer.Split('\t');
            Assert.Equal(row.Probabilities[Array.IndexOf([.. fixture.Classes], parts[0])],
                double.Parse(parts[1], CultureInfo.InvariantCulture), 6e-5);
        }

        double Share(bool isPositive, double limit) => fixture.Rows.Where(row => row.Label == positive == isPositive)
            .Average(row => row.Probabilities[index] >= limit ? 1.0 : 0);

        double Called(bool isPositive) => answers.Where((_, i) => fixture.Rows[i].Label == positive == isPositive)
            .Average(answer => answer.StartsWith(positive + "\t", StringComparison.Ordinal) ? 1.0 : 0);
    }

    [Fact]
    public void TheConfusionMatrixOfTwoLabelsIsPrinted()
    {
        PyTorchFigures.ClassifierFigures fixture = Save("two labels");
        Write("t.tsv", [.. fixture.Rows, new("eggs", "buy", [])]);
        long[][] expected = [.. fixture.Classes.Select(label => fixture.Classes.Select((_, predicted) => fixture.Rows.LongCount(row =>
            row.Label == label && row.Probabilities[predicted] > 0.5)).ToArray())];

        CliRun table = CliRun.Ok("evaluate", _folder["m.zip"], _folder["t.tsv"]);
        JsonElement confusion = JsonDocument.Parse(CliRun.Ok("evaluate", _folder["m.zip"], _folder["t.tsv"], "--json").Lines[0])
            .RootElement.GetProperty("confusion");

        Assert.Matches("^label +predicted ham +predicted spam$", table.Lines[^4]);
        Assert.Matches($"^ham +{expected[0][0]} +{expected[0][1]}$", table.Lines[^3]);
        Assert.Matches($"^spam +{expected[1][0]} +{expected[1][1]}$", table.Lines[^2]);
        Assert.Matches("^eggs +[01] +[01]$", table.Lines[^1]);
        Assert.Equal(expected, fixture.Classes.Select(label => fixture.Classes.Select(predicted =>
            confusion.GetProperty(label).GetProperty(predicted).GetInt64()).ToArray()));
        Assert.Equal(1, confusion.GetProperty("eggs").EnumerateObject().Sum(cell => cell.Value.GetInt64()));
    }

    [Theory]
    [InlineData("two labels", "classify", "--threshold is a probability, from 0 to 1, but is 1.5", "--threshold", "1.5")]
    [InlineData("two labels", "classify", "--positive says which label --threshold is for", "--positive", "ham")]
    [InlineData("two labels", "classify", "the labels of", "--threshold", "0.5", "--positive", "eggs")]
    [InlineData("two labels", "classify", "--threshold gives each text one label", "--threshold", "0.5", "--top", "2")]
    [InlineData("three labels", "classify", "--threshold is for models of two labels", "--threshold", "0.5")]
    [InlineData("two labels", "evaluate", "--false-positive-rate must be at least 0 and below 1, but is 1", "--false-positive-rate", "1")]
    [InlineData("two labels", "evaluate", "--false-positive-rate must be at least 0 and below 1", "--false-positive-rate", "NaN")]
    [InlineData("two labels", "evaluate", "--positive says which label --false-positive-rate is for", "--positive", "ham")]
    [InlineData("three labels", "evaluate", "--false-positive-rate is for models of two labels", "--false-positive-rate", "0.1")]
    public void WhatNoThresholdCanBeIsRefused(string name, string command, string message, params string[] options)
    {
        Write("t.tsv", Save(name).Rows);

        CliRun run = CliRun.Of([command, _folder["m.zip"], _folder["t.tsv"], .. options]);

        Assert.Equal(2, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TooFewTextsForTheRateAreWarnedOf()
    {
        Write("t.tsv", Save("two labels").Rows);

        CliRun run = CliRun.Ok("evaluate", _folder["m.zip"], _folder["t.tsv"], "--false-positive-rate", "0.01");

        Assert.Contains("there are 4 texts that are not positive", run.Error, StringComparison.Ordinal);
        Assert.Contains("Give at least 100", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void ClassifySaysWhatPyTorchSays(string name)
    {
        PyTorchFigures.ClassifierFigures fixture = Save(name);
        File.WriteAllLines(_folder["t.txt"], fixture.Rows.Select(row => row.Text));

        CliRun json = CliRun.Ok("classify", _folder["m.zip"], _folder["t.txt"], "--json"),
            lines = CliRun.Ok("classify", _folder["m.zip"], _folder["t.txt"]);

        Assert.Equal(fixture.Rows.Length, json.Lines.Count);
        foreach ((PyTorchFigures.LabelFigures row, string line, string text) in fixture.Rows.Zip(json.Lines, lines.Output.Split('\n')))
        {
            JsonElement answer = JsonDocument.Parse(line).RootElement;
            int likeliest = row.Probabilities.AsSpan().IndexOf(row.Probabilities.Max());
            Assert.Equal(fixture.Classes[likeliest], answer.GetProperty("label").GetString());
            Assert.Equal(row.Probabilities, fixture.Classes.Select(label => answer.GetProperty("probabilities").GetProperty(label)
                .GetDouble()), (a, b) => Math.Abs(a - b) < 1e-6);
            string[] parts = text.Split('\t');
            Assert.Equal((fixture.Classes[likeliest], row.Text), (parts[0], parts[2]));
            Assert.Equal(row.Probabilities[likeliest], double.Parse(parts[1], CultureInfo.InvariantCulture), 6e-5);
        }
    }

    [Fact]
    public void TrainSaysOfItsValidationDataWhatEvaluateSays()
    {
        PyTorchFigures.LabelFigures[] rows = [.. Enumerable.Range(0, 60).Select(i =>
            new PyTorchFigures.LabelFigures(i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c", $"{i * 7919 % 101}{(i % 2 == 0 ? "x" : "")}", []))];
        Write("t.tsv", rows[..40]);
        Write("v.tsv", rows[40..]);

        JsonElement done = JsonDocument.Parse(CliRun.Ok("train", _folder["t.tsv"], "--task", "classify", "--validation", _folder["v.tsv"],
            "-o", _folder["m.zip"], "--json", "--epochs", "3",
            "--hidden-size", "8", "--embedding-size", "4", "--seed", "1", "--engine", "managed").Lines[^1]).RootElement;
        JsonElement line = JsonDocument.Parse(CliRun.Ok("evaluate", _folder["m.zip"], _folder["v.tsv"], "--json").Lines[0]).RootElement;

        Assert.Equal(20, line.GetProperty("rows").GetInt64());
        Assert.Equal(line.GetProperty("nats_per_text").GetDouble(), done.GetProperty("validation_loss").GetDouble(), 1e-6);
        Assert.Equal(line.GetProperty("accuracy").GetDouble(), done.GetProperty("validation_accuracy").GetDouble(), 12);
        Assert.Equal(line.GetProperty("macro_f1").GetDouble(), done.GetProperty("validation_macro_f1").GetDouble(), 12);
    }

    private PyTorchFigures.ClassifierFigures Save(string name)
    {
        PyTorchFigures.ClassifierFigures fixture = PyTorchFigures.Classifiers.Single(model => model.Name == name);
        ModelArchive.Save(_folder["m.zip"], fixture.ToSaved());
        return fixture;
    }

    private void Write(string name, IEnumerable<PyTorchFigures.LabelFigures> rows) =>
        File.WriteAllLines(_folder[name], rows.Select(row => $"{row.Label}\t{row.Text}"));
}
