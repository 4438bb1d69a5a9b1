using System.Text.Json;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

/// <summary>Holds what the commands say of a text to what <see cref="RnnLanguageModel.ScoreAll"/> says of the same rows.</summary>
public sealed class EvaluationFigureTests : IDisposable
{
    private static readonly string[] Names = ["Anna", "Bela", "Cora", "Dietrich", "Eva", "Zoë"];
    private static readonly string[] Small = ["--hidden-size", "8", "--embedding-size", "4", "--batch-size", "4", "--steps", "3", "--seed", "1", "--engine", "managed"];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EvaluateCountsEachCharacterOfARowAndItsEnd()
    {
        File.WriteAllLines(_folder["names.txt"], Names);
        File.WriteAllLines(_folder["names.csv"], ["Name,Number", .. Names.Select((name, i) => $"{name},{i}")]);
        CliRun.Ok(["train", _folder["names.txt"], "-o", _folder["names.zip"], "--mode", "rows", .. Small]);

        foreach (string[] data in (string[][])[["names.txt"], ["names.csv", "--text-column", "Name"]])
        {
            JsonElement line = JsonDocument.Parse(CliRun.Ok(["evaluate", _folder["names.zip"], _folder[data[0]], .. data[1..], "--json"]).Lines[0]).RootElement;

            using RnnLanguageModel model = RnnLanguageModel.Load(_folder["names.zip"]);
            TextScore[] scores = [.. model.ScoreAll(Names)];
            Assert.Equal(Names.Sum(name => name.Length + 1), scores.Sum(score => score.Count));
            Assert.Equal(scores.Sum(score => score.Count), line.GetProperty("characters").GetInt64());
            Assert.Equal(-scores.Sum(score => score.LogProbability) / scores.Sum(score => score.Count), line.GetProperty("nats_per_character").GetDouble(), 1e-6);
        }
    }

    [Fact]
    public void AReportExpectsEachCharacterOfARowAndItsEnd()
    {
        File.WriteAllLines(_folder["names.txt"], Names);
        CliRun.Ok(["train", _folder["names.txt"], "-o", _folder["names.zip"], "--mode", "rows", .. Small]);

        CliRun.Ok("report", _folder["names.zip"], "--text", _folder["names.txt"], "-o", _folder["names.html"]);

        JsonElement reading = ReportModels.Data(_folder["names.html"]).GetProperty("reading");
        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["names.zip"]);
        Assert.Equal(string.Concat(Names.Select(name => name + "|")), string.Concat(reading.GetProperty("characters").EnumerateArray().Select(c => c.GetString() is { Length: > 0 } s ? s : "|")));
        double[] probabilities = [.. reading.GetProperty("probabilities").EnumerateArray().Select(p => p.GetDouble())];
        Assert.Equal(model.ScoreAll(Names).Sum(score => score.Count), probabilities.Length);
        Assert.Equal(model.ScoreAll(Names).Sum(score => score.LogProbability), probabilities.Sum(Math.Log), 0.001);
    }
}
