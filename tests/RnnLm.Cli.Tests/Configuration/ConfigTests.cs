using System.Text.Json;
using RnnLm.Cli.Configuration;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;
using RnnLm.Tests;
using Spectre.Console.Testing;

namespace RnnLm.Cli.Tests.Configuration;

/// <summary>Configurations from 'new' to a trained model.</summary>
public sealed class ConfigTests : IDisposable
{
    private static readonly string[] Small =
        ["--hidden-size", "16", "--embedding-size", "8", "--batch-size", "4", "--engine", "managed", "--threads", "1"];

    private readonly TempFolder _folder = new();

    public ConfigTests()
    {
        File.WriteAllText(_folder["names.txt"], string.Concat(Enumerable.Repeat("anna\nhannah\notto\nbob\n", 20)));
        File.WriteAllText(_folder["names.csv"],
            "Id,Name,Sex\n" + string.Concat(Enumerable.Repeat("1,anna,f\n2,\"otto, \"\"the\"\"\nbig\",m\n", 20)));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ANewConfigurationIsTrainedFromAndItsFlagsAreInIt()
    {
        CliRun made = CliRun.Ok(["new", _folder["people"], "--data", _folder["names.csv"], "--text-column", "Name", "--condition-column",
            "Sex", "--mode", "rows", "--steps", "30", .. Small, "--json"]);

        string path = _folder["people.rnnlm.json"];
        Assert.Equal(path, Json(made.Output).GetProperty("config").GetString());
        Assert.Equal(["names.csv", "names.txt", "people.rnnlm.json", "rnnlm.schema.json"], _folder.Names);
        Assert.Equal(CliRun.Ok("new", "--schema").Output, File.ReadAllText(_folder["rnnlm.schema.json"]));
        string text = File.ReadAllText(path);
        Assert.Contains("    \"max_steps\": 30, // updates of the weights; 0 for no bound\n", text, StringComparison.Ordinal);
        Assert.Contains("    // \"dropout\": 0, // share of outputs dropped between layers\n", text, StringComparison.Ordinal);

        JsonElement done = Json(CliRun.Ok("train", path, "--json").Lines[^1]);
        Assert.Equal(_folder["people.zip"], done.GetProperty("model").GetString());
        Assert.Equal(30, done.GetProperty("steps").GetInt64());
        Assert.Equal(1, done.GetProperty("seed").GetInt64());
        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["people.zip"]);
        Assert.Equal(16, model.Config.HiddenSize);
        Assert.Equal(["f", "m"], model.Conditions);
        Assert.Contains(new System.Text.Rune('\n'), model.Vocabulary.Characters);

        // What is given on the command line counts more; a bound takes the place of the file's.
        done = Json(CliRun.Ok("train", path, "--epochs", "1", "--hidden-size", "8", "--force", "--json").Lines[^1]);
        Assert.Equal(9, done.GetProperty("steps").GetInt64());
        using RnnLanguageModel other = RnnLanguageModel.Load(_folder["people.zip"]);
        Assert.Equal(8, other.Config.HiddenSize);
    }

    [Fact]
    public void AClassifierIsTrainedFromATableAndEvaluatedOnIt()
    {
        CliRun.Ok(["new", _folder["sexes"], "--task", "classify", "--data", _folder["names.csv"], "--text-column", "Name", "--label-column",
            "Sex", "--epochs", "20", "--learning-rate", "0.01", .. Small]);
        CliRun.Ok("train", _folder["sexes.rnnlm.json"]);

        JsonElement evaluation = Json(CliRun.Ok("evaluate", _folder["sexes.zip"], _folder["names.csv"], "--text-column", "Name",
            "--label-column", "Sex", "--json").Lines[0]);
        Assert.Equal(1, evaluation.GetProperty("accuracy").GetDouble());

        CliRun run = CliRun.Of("train", _folder["names.csv"], "--task", "classify", "--text-column", "Name");
        Assert.Equal(2, run.Code);
        Assert.Contains("by --label-column: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("say --task classify",
            CliRun.Of("train", _folder["names.csv"], "--text-column", "Name", "--label-column", "Sex").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInterruptedRunIsResumedFromTheCheckpointOfTheFile()
    {
        CliRun.Ok(["new", _folder["song"], "--data", _folder["names.txt"], "--mode", "rows", "--epochs", "50", .. Small]);
        string path = _folder["song.rnnlm.json"];
        using var stop = new CancellationTokenSource();
        using var output = new StopsAtFirstEvaluation(stop);

        CliRun run = CliRun.With("", output, stop.Token, "train", path, "--json");
        Assert.Equal(130, run.Code);
        Assert.True(File.Exists(_folder["song.zip"]));
        Assert.True(File.Exists(_folder["song.checkpoint"]));

        run = CliRun.Ok("train", path, "--resume", "--json");
        Assert.Contains("Going on from step", run.Output, StringComparison.Ordinal);
        string resumed = Weights(_folder["song.zip"]);
        CliRun.Ok("train", path, "--force");
        Assert.Equal(Weights(_folder["song.zip"]), resumed);
    }

    [Theory]
    [InlineData("""{ "model": { "hiden_size": 5 } }""", ":1:14: model.hiden_size: there is no such key. Did you mean 'hidden_size'?")]
    [InlineData("""{ "model": { "HiddenSize": 5 } }""", ":1:14: model.HiddenSize: there is no such key. Did you mean 'hidden_size'?")]
    [InlineData("{\n  // a comment\n  \"modell\": {}\n}", ":3:3: modell: there is no such key. Did you mean 'model'?")]
    [InlineData("""{ "zzz": 1 }""", ":1:3: zzz: there is no such key. There are task, output, previous, source, ")]
    [InlineData("{\n\"model\": {\n\"hidden_size\": \"big\" } }", ":3:16: model.hidden_size: must be a whole number, but is \"big\".")]
    [InlineData("""{ "model": { "hidden_size": 1.5 } }""", ":1:29: model.hidden_size: must be a whole number, but is 1.5.")]
    [InlineData("""{ "model": { "hidden_size": null } }""", ":1:29: model.hidden_size: must be a whole number, but is null.")]
    [InlineData("""{ "model": { "cell": "transformer" } }""",
        """:1:22: model.cell: must be one of "rnn", "lstm", "gru", but is "transformer".""")]
    [InlineData("""{ "model": { "tie_weights": 1 } }""", ":1:29: model.tie_weights: must be true or false, but is 1.")]
    [InlineData("""{ "device": { "device": 0 } }""", ":1:25: device.device: must be text, or null, but is 0.")]
    [InlineData("""{ "source": { "files": [1] } }""", ":1:24: source.files: must be a list of texts, but is a list.")]
    [InlineData("""{ "source": [] }""", ":1:13: source: must be an object, { … }, but is a list.")]
    [InlineData("[]", ":1:1: must be an object, { … }, but is a list.")]
    [InlineData("", ":1:1: this is not JSON")]
    [InlineData("{\n\"model\": {\n", ":3:1: this is not JSON")]
    [InlineData("""{ "model": { "layers": 1, "layers": 2 } }""", ":1:27: model.layers: stands here a second time.")]
    [InlineData("{\n\"source\": { \"files\": [\"names.txt\"] },\n\"model\": {\n\"hidden_size\": 0 } }",
        "bad.rnnlm.json:4:16: model.hidden_size must be from 1 to 16384, but is 0.")]
    [InlineData("{\n\"source\": { \"files\": [\"names.txt\"] },\n\"model\": {\n\"tie_weights\": true } }",
        "bad.rnnlm.json:4:16: model.tie_weights needs model.embedding_size equal to model.hidden_size")]
    [InlineData("""{ "model": {} }""", "names no files: set source.files.")]
    [InlineData("""{ "source": { "files": "nowhere.txt" } }""", "nowhere.txt' does not exist.")]
    [InlineData("""{ "source": { "files": "names.csv" } }""",
        "has the columns Id, Name, Sex. Name the one with the text by source.text_column; or \"source.format\": \"text\"")]
    [InlineData("""{ "source": { "files": "names.csv", "text_column": "Nam" } }""",
        "has no column 'Nam'. Did you mean 'Name'? It has Id, Name, Sex.")]
    [InlineData("""{ "source": { "files": "names.txt", "encoding": "klingon" } }""", "'klingon' is not known")]
    public void WhatIsWrongIsNamedWithItsLineAndKey(string json, string fault)
    {
        File.WriteAllText(_folder["bad.rnnlm.json"], json);

        CliRun run = CliRun.Of("train", _folder["bad.rnnlm.json"]);

        Assert.Equal(2, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["bad.zip"]));
    }

    [Fact]
    public void NothingIsOverwrittenOrGuessed()
    {
        File.WriteAllText(_folder["mine.rnnlm.json"], "precious");
        CliRun run = CliRun.Of("new", _folder["mine"], "--data", _folder["names.txt"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("exists. Say --force to replace it", run.Error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_folder["mine.rnnlm.json"]));

        Assert.Contains("NAME is missing", CliRun.Of("new").Error, StringComparison.Ordinal);
        Assert.Contains("name the data by --data", CliRun.Of("new", _folder["other"]).Error, StringComparison.Ordinal);
        Assert.Contains("give it alone", CliRun.Of("train", _folder["a.rnnlm.json"], _folder["names.txt"]).Error, StringComparison.Ordinal);
        Assert.Contains("'rnnlm new' writes such a file", CliRun.Of("train", _folder["a.rnnlm.json"]).Error, StringComparison.Ordinal);
        Assert.Equal(["mine.rnnlm.json", "names.csv", "names.txt"], _folder.Names);
    }

    [Fact]
    public void OnATerminalItAsks()
    {
        using var console = new TestConsole();
        console.Profile.Capabilities.Interactive = true;
        console.Profile.Width = 40;
        console.Input.PushTextWithEnter(_folder["names.csv"]);
        console.Input.PushKey(ConsoleKey.Enter);
        console.Input.PushKey(ConsoleKey.DownArrow);
        console.Input.PushKey(ConsoleKey.Enter);
        console.Input.PushKey(ConsoleKey.DownArrow);
        console.Input.PushKey(ConsoleKey.DownArrow);
        console.Input.PushKey(ConsoleKey.Enter);
        console.Input.PushKey(ConsoleKey.DownArrow);
        console.Input.PushKey(ConsoleKey.Enter);
        console.Input.PushTextWithEnter("48");
        console.Input.PushTextWithEnter("");
        console.Input.PushTextWithEnter("3");
        console.Input.PushKey(ConsoleKey.DownArrow);
        console.Input.PushKey(ConsoleKey.Enter);

        int code = new CommandLine(new CommandContext(TextReader.Null, TextWriter.Null, console, true, true, default)).Run(["new",
            _folder["people"]]);

        Assert.True(code == 0, console.Output);
        TrainingConfig config = ConfigReader.ReadFile(_folder["people.rnnlm.json"]);
        Assert.Equal([_folder["names.csv"]], config.Source.Files);
        Assert.Equal((DataMode.Rows, "Name", "Sex"), (config.Options.Data.Mode, config.Source.TextColumn, config.Source.ConditionColumn));
        Assert.Equal((CellType.Gru, 48, 1, 3, "cpu"), (config.Options.Model.Cell, config.Options.Model.HiddenSize,
            config.Options.Model.Layers, config.Options.Training.Epochs, config.Options.Device.Device));
    }

    private static string Weights(string zip)
    {
        using RnnLanguageModel model = RnnLanguageModel.Load(zip);
        return string.Join(' ',
            model.Saved.Weights.Select(tensor =>
                Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
                System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(tensor.Values)))));
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private sealed class StopsAtFirstEvaluation(CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value!.Contains("\"validation_loss\":1", StringComparison.Ordinal)
                || value.Contains("\"validation_loss\":2", StringComparison.Ordinal))
                stop.Cancel();
        }
    }
}
