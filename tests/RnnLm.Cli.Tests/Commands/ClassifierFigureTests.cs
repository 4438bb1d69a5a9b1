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
