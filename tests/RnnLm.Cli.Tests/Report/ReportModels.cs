using System.Text.Json;
using RnnLm.ModelFiles;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

/// <summary>Small models of each kind, trained once.</summary>
public sealed class ReportModels : IDisposable
{
    private static readonly string[] Small =
        ["--hidden-size", "16", "--embedding-size", "8", "--batch-size", "4", "--seed", "1", "--engine", "managed", "--threads", "1"];

    private readonly TempFolder _folder = new();

    public ReportModels()
    {
        File.WriteAllText(_folder["song.txt"],
            string.Concat(Enumerable.Repeat("the cat sat on the mat, and the dog sat on the log.\n", 40)));
        File.WriteAllText(_folder["kinds.txt"], string.Concat(Enumerable.Repeat("cat\tmiau\ndog\twau\n", 30)));
        CliRun.Ok(["train", _folder["song.txt"], "-o", Song, "--epochs", "3", "--report-every", "5", .. Small]);
        CliRun.Ok(["train", _folder["kinds.txt"], "-o", Kinds, "--mode", "rows", "--conditions", "--steps", "5", .. Small]);
        ModelArchive.Save(Forgetful, ModelArchive.Load(Song) with { Training = null });
        var options = new TextClassifierOptions { Model = { HiddenSize = 8 }, Training = { Epochs = 3, Seed = 1, ReportEvery = 1 } };
        using RnnTextClassifier classifier = RnnTextClassifier.Train(
            Enumerable.Repeat(0, 30).SelectMany(_ => (LabelledText[])[new("miau", "cat"), new("wau", "dog")]), options);
        classifier.Save(Classifier);
    }

    public string Song => _folder["song.zip"];

    public string Kinds => _folder["kinds.zip"];

    public string Forgetful => _folder["forgetful.zip"];

    public string Classifier => _folder["classifier.zip"];

    /// <summary>Reads the data of a report's page.</summary>
    public static JsonElement Data(string path)
    {
        string page = File.ReadAllText(path);
        const string Begin = "<script type=\"application/json\" id=\"data\">";
        int start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return JsonDocument.Parse(page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)]).RootElement;
    }

    public void Dispose() => _folder.Dispose();
}
