using System.Diagnostics;
using System.Globalization;
using RnnLm.Cli.Reproduce;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>The experiment on machine-made domains, on lists made here.</summary>
public sealed class DgaRecipeTests : IDisposable
{
    private static readonly string[] Words = ["garden", "paper", "cloud", "river", "bread", "shop", "media", "house", "green", "travel"];

    private readonly TempFolder _folder = new();

    public DgaRecipeTests() => Directory.CreateDirectory(_folder["dga"]);

    private string Benign => Path.Combine(_folder["dga"], DomainList.BenignFile);

    private string Families => Path.Combine(_folder["dga"], DomainList.FamiliesFile);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ItTellsMadeDomainsAndEndsWithItsFigures()
    {
        Write(1800, 600);
        (int code, string output, string error) = Run();

        Assert.True(code == 0, error);
        string last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim();
        Assert.StartsWith("RESULT auc=", last, StringComparison.Ordinal);
        Dictionary<string, double> figures = last.Split(' ')[1..].Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));
        Assert.Equal(["auc", "tpr_at_1pct", "tpr_at_01pct", "accuracy", "seconds", "unsupervised_auc", "unsupervised_tpr_at_1pct",
            "unsupervised_tpr_at_01pct", "unsupervised_fpr", "unsupervised_seconds"], figures.Keys);
        Assert.InRange(figures["auc"], 0.95, 1);
        Assert.InRange(figures["tpr_at_1pct"], figures["tpr_at_01pct"], 1);
        Assert.InRange(figures["unsupervised_auc"], 0.8, 1);
        Assert.InRange(figures["unsupervised_fpr"], 0, 0.05);
        Assert.Contains("hexes 100.0 % of", output, StringComparison.Ordinal);
        Assert.Contains("0 repeated and 0 that are in both", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("benign", "1,example.com")]
    [InlineData("benign", "no-dot")]
    [InlineData("benign", "two words.com")]
    [InlineData("benign", "a..com")]
    [InlineData("benign", "http://example.com")]
    [InlineData("families", "example.com")]
    [InlineData("families", "hexes\texample.com\tmore")]
    [InlineData("families", "\texample.com")]
    [InlineData("families", "hexes\t")]
    public void AMalformedLineIsNamed(string file, string line)
    {
        Write(50, 50);
        string path = file == "benign" ? Benign : Families;
        File.WriteAllLines(path, [.. File.ReadLines(path).Take(6), line, .. File.ReadLines(path).Skip(6)]);
        (int code, _, string error) = Run();
        Assert.Equal(1, code);
        Assert.Contains($"{path}:7: ", error, StringComparison.Ordinal);
    }

    /// <summary>What the detector of anomalies needs is said before anything is trained.</summary>
    [Fact]
    public void TooFewDomainsToCalibrateOnAreSaidFirst()
    {
        Write(600, 200);
        (int code, string output, string error) = Run();
        Assert.Equal(1, code);
        Assert.Contains($"{Benign}: of this file, ", error, StringComparison.Ordinal);
        Assert.Contains("that takes 99. Give more; a few thousand are a beginning.", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Theory]
    [InlineData(DomainList.BenignFile)]
    [InlineData(DomainList.FamiliesFile)]
    public void AMissingOrEmptyFileIsNamed(string name)
    {
        Write(50, 50);
        string path = Path.Combine(_folder["dga"], name);
        File.WriteAllText(path, "\n\n");
        (int code, _, string error) = Run();
        Assert.Equal(1, code);
        Assert.Contains($"{path}: this file gives 0 domains to train on", error, StringComparison.Ordinal);

        File.Delete(path);
        (code, _, error) = Run();
        Assert.Equal(1, code);
        Assert.Contains($"'{path}' is not there", error, StringComparison.Ordinal);
        // The page that it names is there.
        Assert.Contains("docs/dga.md", error, StringComparison.Ordinal);
        Assert.True(File.Exists(TestData.InRepository("docs", "dga.md")));
    }

    [Fact]
    public void NothingIsBothTrainedOnAndTested()
    {
        Write(500, 300);
        File.AppendAllLines(Benign,
            ["Garden0-paper.com", " garden0-paper.com. ", "garden0-paper.de", "www.garden0-paper.co.uk", "both.org"]);
        File.AppendAllLines(Families, ["hexes\tboth.org", "other\tboth.org"]);
        DomainList list = DomainList.Read(Benign, Families);

        (string Domain, string? Family)[] training = [.. list.Training], test = [.. list.Test];
        Assert.Equal((1, 1), (list.Contradicting, list.Repeated));
        Assert.DoesNotContain("both.org", training.Concat(test).Select(row => row.Domain));
        Assert.Equal(800 + 3, training.Length + test.Length);
        Assert.Equal(training.Length + test.Length, training.Concat(test).Select(row => row.Domain).Distinct().Count());
        string[] same = ["garden0-paper.com", "garden0-paper.de", "www.garden0-paper.co.uk"];
        Assert.True(same.All(domain => training.Any(row => row.Domain == domain))
            || same.All(domain => test.Any(row => row.Domain == domain)));
        // A fifth is tested.
        Assert.InRange(test.Length, 110, 210);

        (string[] learned, string[] heldOut) = list.Benign;
        Assert.Equal(training.Where(row => row.Family is null).Select(row => row.Domain).Order(), learned.Concat(heldOut).Order());
        Assert.InRange(heldOut.Length, 20, 65);
        // The order of lines decides nothing.
        File.WriteAllLines(Benign, File.ReadAllLines(Benign).Reverse());
        Assert.Equal(test.Order(), DomainList.Read(Benign, Families).Test.Order());
    }

    [Fact]
    public void TheCurveIsThatOfBruteForce()
    {
        var random = new Random(1);
        (double Score, bool IsPositive)[] scores =
            [.. Enumerable.Range(0, 300).Select(i => ((double)random.Next(40) + (i % 3 == 0 ? 8 : 0), i % 3 == 0))];
        var curve = new ScoreCurve(scores);
        double[] positives = [.. scores.Where(s => s.IsPositive).Select(s => s.Score)];
        double[] negatives = [.. scores.Where(s => !s.IsPositive).Select(s => s.Score)];
        Assert.Equal(positives.Average(p => negatives.Average(n => p > n ? 1 : p == n ? 0.5 : 0)), curve.Area, 12);
        foreach (double rate in new[] { 0, 0.01, 0.1, 0.5 })
        {
            double best = scores.Select(s => s.Score).Append(double.NegativeInfinity)
                .Where(threshold => negatives.Average(n => n > threshold ? 1.0 : 0) <= rate)
                .Max(threshold => positives.Average(p => p > threshold ? 1.0 : 0));
            Assert.Equal(best, curve.TruePositiveRateAt(rate), 12);
        }
    }

    /// <summary>Writes domains of two words, and of machines: hexadecimal digits, and letters.</summary>
    private void Write(int people, int machines)
    {
        var random = new Random(3);
        File.WriteAllLines(Benign, Enumerable.Range(0, people)
            .Select(i => $"{Words[random.Next(10)]}{i}-{Words[random.Next(10)]}{(i % 2 == 0 ? ".com" : ".org")}"));
        File.WriteAllLines(Families, Enumerable.Range(0, machines).Select(i => i % 2 == 0
            ? $"hexes\t{string.Concat(random.GetItems("0123456789abcdef".AsSpan(), 16))}.com"
            : $"letters\t{string.Concat(random.GetItems("bcdfghjklmnpqrstvwxz".AsSpan(), 12))}.org"));
    }

    private (int Code, string Output, string Error) Run()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, "reproduce", "dga", "--threads", "2"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false
        };
        start.Environment["RNNLM_DATA"] = _folder.Path;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
