using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

/// <summary>Models that the tests of privacy look at, the files that they were trained on, and what they wrote.</summary>
public sealed class PrivacyModels : IDisposable
{
    private static readonly string[] Small = ["--mode", "rows", "--cell", "gru", "--hidden-size", "16", "--embedding-size", "8", "--seed",
        "1", "--threads", "1", "--learning-rate", "0.01"];

    private readonly TempFolder _folder = new();

    public PrivacyModels()
    {
        File.WriteAllLines(this["articles.txt"],
            Enumerable.Range(0, 400).Select(i => $"{(i % 2 == 0 ? "AX" : "BK")}-{1000 + (i * 7919 % 9000)}-{(char)('A' + (i % 4))}"));
        File.WriteAllText(this["names.txt"],
            string.Concat(Enumerable.Range(0, 60).SelectMany(_ => (string[])["it\tAnna\n", "it\tBianca\n", "de\tOtto\n"])));
        CliRun.Ok(["train", this["articles.txt"], "-o", this["articles.zip"], "--steps", "150", .. Small]);
        CliRun.Ok(["train", this["names.txt"], "-o", this["names.zip"], "--conditions", "--steps", "100", .. Small]);
        CliRun.Ok("generate", this["articles.zip"], "-n", "300", "--seed", "1", "-o", this["rows.txt"]);
        File.WriteAllLines(this["real.txt"], Enumerable.Range(0, 60).Select(i => $"AX-{1001 + (i * 101)}-B"));
    }

    public string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();
}
