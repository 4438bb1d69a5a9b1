using System.Diagnostics;
using System.Globalization;
using RnnLm.Cli.Terminal;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

/// <summary>Runs the lines of the packages' README as they stand, on the beginning of the corpus that they name.</summary>
public sealed class PackageReadmeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ItsLinesRunAndPrintTheFiguresOfTheModel()
    {
        string[] messages = [.. File.ReadLines(TestData.InRepository("examples", "Quickstart", "Data", "messages.txt")).Take(60)];
        File.WriteAllLines(_folder["messages.txt"], messages);
        string[] lines = [.. File.ReadLines(TestData.InRepository("src", "PACKAGE.md"))
            .Where(line => line.StartsWith("rnnlm ", StringComparison.Ordinal))];
        Assert.Equal(["train", "sample", "evaluate", "report"], lines.Select(line => line.Split(' ')[1]));

        Dictionary<string, string> outputs = lines.ToDictionary(line => line.Split(' ')[1], Run);

        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["messages.zip"]);
        TextScore[] scores = [.. model.ScoreAll(messages)];
        double nats = -scores.Sum(score => score.LogProbability) / scores.Sum(score => score.Count);
        string[] figures = outputs["evaluate"].Split('\n')[1].Split("  ",
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(messages.Sum(message => message.Length + 1), scores.Sum(score => score.Count));
        Assert.Equal(
            ["messages.zip", "messages.txt", Text(scores.Sum(score => score.Count), "N0"), Text(nats, "F4"), Text(nats / Math.Log(2), "F4"),
                Text(nats / Math.Log(2), "F4"), Text(Math.Exp(nats), "F4")],
            figures);
        Assert.Contains($"validation loss {Text(model.TrainingSummary!.ValidationLoss!.Value, "F4")} nats per character", outputs["train"],
            StringComparison.Ordinal);
        Assert.StartsWith("Hello, I ordered ", outputs["sample"], StringComparison.Ordinal);
        Assert.Equal("Saved messages.html\n", outputs["report"]);
        Assert.Equal(["messages.html", "messages.txt", "messages.zip"], _folder.Names);
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private string Run(string line)
    {
        // Quotes hold one argument together.
        string[] arguments = [.. line.Split('"')
            .SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Skip(1)];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd().ReplaceLineEndings("\n");
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{line}: {error.Result}");
        return output;
    }
}
