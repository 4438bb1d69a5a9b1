using System.IO.Compression;
using System.Text.Json;
using RnnLm.MLNet.Tests.Generated;
using RnnLm.MLNet.Transformers;
using RnnLm.Tests;

namespace RnnLm.MLNet.Tests;

/// <summary>
/// What 'rnnlm codegen' wrote is compiled into these tests: it makes the models that the tool trains by the same configurations, to the
/// bit, and uses the tool's own. The tests of the tool check that it is what is written now.
/// </summary>
public sealed class GeneratedCodeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ARunningTextInAnotherEncodingAndGoingOnWithOtherValidation()
    {
        var latin = System.Text.Encoding.Latin1;
        const string Verse = "the cät sat on the mat,\r\n\r\n// and  the dog\tsat on \"the log\".\n";
        File.WriteAllText(_folder["song.txt"], string.Concat(Enumerable.Repeat(Verse, 30)) + "no end of line", latin);
        File.WriteAllText(_folder["more.txt"], string.Concat(Enumerable.Repeat("\n the döner sat on the mat\n", 12)), latin);
        string[] files = [_folder["song.txt"], _folder["more.txt"]];

        string tools = Train("song");
        Song.Train(_folder["own.zip"], files);
        AssertSame(tools, _folder["own.zip"]);
        Assert.Equal(Sample("song", "the c"), "the c" + Song.Predict(new() { Text = "the c" }, tools).Continuation);

        string further = Train("song-again");
        SongAgain.PreviousModelPath = tools;
        var ml = new Microsoft.ML.MLContext();
        using RnnLanguageModelTransformer again =
            SongAgain.RetrainModel(ml, SongAgain.LoadIDataViewFromFile(ml, files[..1]), SongAgain.LoadIDataViewFromFile(ml, files[1..]));
        SongAgain.SaveModel(ml, again, SongAgain.LoadIDataViewFromFile(ml, files), _folder["again.zip"]);
        AssertSame(further, _folder["again.zip"]);
        Assert.Equal(2, SongAgain.Predict(new() { Text = "the c" }, further).Continuation.Length);
    }

    [Fact]
    public void PairsWithConditions()
    {
        IEnumerable<string> lines = Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? $"no\t{i}+1=\t{i}\n\n" : $"yes\t{i}+1=\t{i + 1}\n\n");
        File.WriteAllText(_folder["sums.txt"], string.Concat(lines));

        string tools = Train("sums");
        Sums.Train(_folder["own.zip"], [_folder["sums.txt"]]);

        AssertSame(tools, _folder["own.zip"]);
        string continuation = Sums.Predict(new() { Text = "7+1=", Condition = "yes" }, tools).Continuation;
        Assert.Equal(Sample("sums", "7+1=", "--condition", "yes"), "7+1=" + continuation);
    }

    [Fact]
    public void ATableWithAllThatTablesMayHave()
    {
        string[] texts =
        [
            "  space before", "a \"quote\" within", "\"a; separator\"", "\"a \"\"doubled\"\" quote\"", "\"two\nlines\"", "// no comment",
            "naïve 😀",
        ];
        IEnumerable<string> rows = Enumerable.Range(0, 70).Select(i => $"{i};{texts[i % texts.Length]};{(i % 2 == 0 ? "even" : "odd")}\n");
        File.WriteAllText(_folder["kinds.csv"], "Id;Text;Kind\n" + string.Concat(rows));

        string tools = Train("kinds");
        Kinds.Train(_folder["own.zip"], [_folder["kinds.csv"]]);

        AssertSame(tools, _folder["own.zip"]);
        string continuation = Kinds.Predict(new() { Text = "a ", Condition = "odd" }, tools).Continuation;
        Assert.Equal(Sample("kinds", "a ", "--condition", "odd"), "a " + continuation);
    }

    [Theory]
    [InlineData("1;a;b;c", "line 3: there are 4 fields, but the table has 3 columns")]
    [InlineData("1;a", "line 3: there are 2 fields")]
    [InlineData("1;\"a;b\n2;c;d", "line 3: a double quote opens a field here")]
    [InlineData("1;\"two\nlines\";\"x\" y", "line 4: a double quote opens a field here")]
    [InlineData("1;a;\"said \"\"no\"\"", "line 3: a double quote opens a field here")]
    public void ATableThatWouldLoseTextIsRefusedWithItsLine(string rows, string fault)
    {
        File.WriteAllText(_folder["kinds.csv"], "Id;Text;Kind\n0;good;one\n" + rows);
        var ml = new Microsoft.ML.MLContext();

        var thrown = Assert.Throws<FormatException>(() => Kinds.LoadIDataViewFromFile(ml, [_folder["kinds.csv"]]).Texts("Text").Length);

        Assert.StartsWith($"'{_folder["kinds.csv"]}', {fault}", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AModelIsNotSavedOverItsData(bool linked)
    {
        File.WriteAllText(_folder["kinds.csv"], "Id;Text;Kind\n0;good;one\n");
        if (linked)
            File.CreateSymbolicLink(_folder["link.csv"], _folder["kinds.csv"]);

        Assert.Throws<ArgumentException>(() => Kinds.Train(_folder[linked ? "link.csv" : "kinds.csv"], [_folder["kinds.csv"]]));

        Assert.Equal("Id;Text;Kind\n0;good;one\n", File.ReadAllText(_folder["kinds.csv"]));
    }

    [Fact]
    public void BytesThatAreNoTextAreRefused()
    {
        File.WriteAllBytes(_folder["kinds.csv"], [.. "Id;Text;Kind\n0;gr"u8, 0xFC, .. "n;one\n"u8]);
        var ml = new Microsoft.ML.MLContext();

        Assert.Throws<System.Text.DecoderFallbackException>(
            () => Kinds.LoadIDataViewFromFile(ml, [_folder["kinds.csv"]]).Texts("Text").Length);
    }

    [Fact]
    public void AClassifier()
    {
        IEnumerable<string> rows = Enumerable.Range(0, 40)
            .Select(i => i % 2 == 0 ? $"sch{i},de\n" : $"ov{i},{(i % 20 == 19 ? "" : "ru")}\n");
        File.WriteAllText(_folder["countries.csv"], "Name,Country\n" + string.Concat(rows));

        string tools = Train("countries");
        Countries.Train(_folder["own.zip"], [_folder["countries.csv"]]);

        AssertSame(tools, _folder["own.zip"], "model", "vocabulary", "classes");
        string output = Tool.Rnnlm(_folder.Path, "classify", "countries.zip", "--text", "sch3", "--json");
        JsonElement answer = JsonDocument.Parse(output).RootElement, probabilities = answer.GetProperty("probabilities");
        IReadOnlyList<KeyValuePair<string, float>> labels = Countries.PredictAllLabels(new() { Text = "sch3" }, tools);
        Assert.Equal(answer.GetProperty("label").GetString(), labels[0].Key);
        Assert.All(labels, label => Assert.Equal(probabilities.GetProperty(label.Key).GetSingle(), label.Value, 1e-5f));
        Assert.Equal(labels[0].Value, Countries.Predict(new() { Text = "sch3" }, tools).Score.Max());

        // The same code goes on with the classifier, or starts from a language model.
        File.WriteAllText(_folder["more.csv"], "Name,Country\n"
            + string.Concat(Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? $"señ{i},es\n" : $"ov{i},ru\n")));
        string further = Train("countries-again");
        CountriesAgain.PreviousModelPath = tools;
        CountriesAgain.Train(_folder["again.zip"], [_folder["more.csv"]]);
        AssertSame(further, _folder["again.zip"], "model", "vocabulary", "classes");
        Assert.Equal(["es", "de", "ru"], CountriesAgain.PredictAllLabels(new() { Text = "señ3" }, further).Select(label => label.Key)
            .OrderBy(label => label == "es" ? 0 : 1).ThenBy(label => label, StringComparer.Ordinal));
        Assert.Equal("es", CountriesAgain.PredictAllLabels(new() { Text = "señ3" }, further)[0].Key);

        Tool.Rnnlm(_folder.Path, "train", "more.csv", "--text-column", "0", "--mode", "rows", "--steps", "2", "--hidden-size", "12",
            "--output", "language.zip", "--threads", "1");
        CountriesAgain.PreviousModelPath = _folder["language.zip"];
        CountriesAgain.Train(_folder["started.zip"], [_folder["more.csv"]]);
        Assert.Equal(["es", "ru"], CountriesAgain.PredictAllLabels(new() { Text = "señ3" }, _folder["started.zip"])
            .Select(label => label.Key).Order(StringComparer.Ordinal));
    }

    private string Train(string name)
    {
        string config = $"{name}.rnnlm.json";
        File.Copy(TestData.InRepository("tests/RnnLm.MLNet.Tests/CodeGeneration/Generated", config), _folder[config]);
        Tool.Rnnlm(_folder.Path, "train", config);
        return _folder[$"{name}.zip"];
    }

    private string Sample(string name, string prompt, params string[] arguments) =>
        Tool.Rnnlm(_folder.Path, ["sample", $"{name}.zip", "--prompt", prompt, .. arguments])[..^1];

    private static void AssertSame(string expected, string actual, params string[] parts)
    {
        if (parts.Length == 0)
            parts = ["model", "vocabulary", "data_mode", "conditions", "columns", "sampling"];
        (byte[] weights, JsonElement config) = Read(expected);
        (byte[] ownWeights, JsonElement ownConfig) = Read(actual);
        Assert.True(weights.AsSpan().SequenceEqual(ownWeights), "The weights are not the same.");
        foreach (string part in parts)
            Assert.Equal(config.GetProperty(part).GetRawText(), ownConfig.GetProperty(part).GetRawText());
        JsonElement training = config.GetProperty("training"), ownTraining = ownConfig.GetProperty("training");
        Assert.Equal(training.GetProperty("validation_loss").GetDouble(), ownTraining.GetProperty("validation_loss").GetDouble());
        // Of a classifier, no characters are predicted.
        Assert.Equal(config.GetProperty("classes").GetArrayLength() == 0, training.TryGetProperty("validation", out JsonElement counts));
        if (counts.ValueKind == JsonValueKind.Object)
            Assert.Equal(counts.GetRawText(), ownTraining.GetProperty("validation").GetRawText());
    }

    /// <summary>Reads the weights, without the header, which has hashes of what differs.</summary>
    private static (byte[] Weights, JsonElement Config) Read(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        byte[] Bytes(string name)
        {
            using Stream entry = zip.Entries.Single(e => e.Name == name).Open();
            var copy = new MemoryStream();
            entry.CopyTo(copy);
            return copy.ToArray();
        }

        byte[] tensors = Bytes("model.safetensors");
        return (tensors[(8 + (int)BitConverter.ToUInt64(tensors))..], JsonDocument.Parse(Bytes("config.json")).RootElement);
    }
}
