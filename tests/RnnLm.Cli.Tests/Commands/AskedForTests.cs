using System.Text.Json;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using RnnLm.Diagnostics;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>What was asked for is done or refused, never left aside in silence.</summary>
public sealed class AskedForTests : IDisposable
{
    private static readonly string[] Quick = ["--steps", "2", "--threads", "1", "--seed", "1", "--engine", "managed"];
    private static readonly string[] Small = ["--hidden-size", "6", "--embedding-size", "4", "--batch-size", "4", .. Quick];

    private readonly TempFolder _folder = new();

    public AskedForTests()
    {
        File.WriteAllText(_folder["names.txt"], string.Concat(Enumerable.Repeat("anna\nhannah\notto\n", 20)));
        File.WriteAllText(_folder["names.csv"], "Name\n" + File.ReadAllText(_folder["names.txt"]));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--nonlinearity is for --cell rnn", "--nonlinearity", "relu")]
    [InlineData("--dropout drops what goes from one layer to the next, but there is one layer; --output-dropout drops its outputs",
        "--dropout", "0.2")]
    [InlineData("--initialization-standard-deviation is for --initialization normal", "--initialization-standard-deviation", "0.5")]
    [InlineData("--class-balance is for classifiers, not for language models; say --task classify, or leave", "--class-balance", "1")]
    [InlineData("--no-bidirectional is for classifiers, not for language models; say --task classify", "--no-bidirectional")]
    [InlineData("--max-row-length is for --mode rows or pairs", "--max-row-length", "9")]
    [InlineData("--sequence-length is for --mode stream", "--mode", "rows", "--sequence-length", "9")]
    [InlineData("--window-order is for --mode stream", "--mode", "rows", "--window-order", "random")]
    [InlineData("--hidden-state is for --mode stream", "--mode", "rows", "--hidden-state", "carry")]
    [InlineData("--hidden-state is for --window-order sequential", "--window-order", "random", "--hidden-state", "carry")]
    [InlineData("--window-stride is for --window-order random", "--window-stride", "5")]
    [InlineData("--momentum is for --optimizer sgd or rmsprop", "--momentum", "0.9")]
    [InlineData("--beta1 is for --optimizer adam or adamw", "--optimizer", "sgd", "--beta1", "0.8")]
    [InlineData("--epsilon is not for --optimizer sgd", "--optimizer", "sgd", "--epsilon", "0.8")]
    [InlineData("--decay-factor is for --schedule step-decay", "--decay-factor", "0.5")]
    [InlineData("--final-learning-rate-fraction is for --schedule linear or cosine", "--final-learning-rate-fraction", "0.5")]
    [InlineData("--patience needs validation data: give --validation, or --validation-fraction above 0", "--patience", "3",
        "--validation-fraction", "0")]
    [InlineData("--validation-fraction keeps data apart, but there are validation data by --validation", "--validation", "names.txt",
        "--validation-fraction", "0.3")]
    [InlineData("--checkpoint-every needs --checkpoint, the file to write", "--checkpoint-every", "5")]
    [InlineData("--grow-vocabulary is for a model that is trained further, by --previous; leave it out", "--grow-vocabulary")]
    [InlineData("--no-header is for tables, but the files are text", "--no-header")]
    [InlineData("--no-quotes is for tables, but the files are text", "--no-quotes")]
    [InlineData("--header and --no-header contradict each other", "--header", "--no-header")]
    [InlineData("--mixed-precision is for GPUs, but the CPU is asked for; leave it out", "--mixed-precision")]
    [InlineData("--length-penalty is for beam search: say --beams too, or leave it out", "sample", "--length-penalty", "2")]
    [InlineData("--temperature is for drawing at random, which beam search does not do: say --beams 1, or leave it out", "sample",
        "--beams", "4", "--temperature", "0.5")]
    [InlineData("2 options are wrong: --top-k is for drawing at random", "sample", "--beams", "4", "--top-k", "3", "--min-p", "0.1")]
    [InlineData("--pattern-includes-prompt is for --pattern: give that too, or leave it out", "sample", "--pattern-includes-prompt")]
    [InlineData("--typo-penalty is for --typos above 0: say that too, or leave it out", "suggest", "--typo-penalty", "3")]
    [InlineData("--exposure-samples is for --canaries: give that too, or leave it out", "privacy", "--exposure-samples", "7", "--train",
        "names.txt",
        "--generated", "names.txt")]
    [InlineData("--max-length must be from", "sample", "--max-length", "100001")]
    public void AnOptionThatWouldChangeNothingIsRefused(string fault, params string[] arguments)
    {
        bool samples = arguments[0] is "sample" or "suggest" or "privacy";
        if (samples)
            CliRun.Ok(["train", _folder["names.txt"], "-o", _folder["m.zip"], .. Small]);
        arguments = [.. arguments.Select(argument => argument == "names.txt" ? _folder[argument] : argument)];

        CliRun run = CliRun.Of(samples ? [arguments[0], _folder["m.zip"], .. arguments[1..]] : ["train", _folder["names.txt"], "-o",
            _folder["x.zip"], .. Small, .. arguments]);

        Assert.Equal(2, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["x.zip"]));
    }

    [Theory]
    [InlineData("--nonlinearity", "tanh")]
    [InlineData("--layers", "2", "--dropout", "0.2")]
    [InlineData("--optimizer", "sgd", "--momentum", "0.9", "--schedule", "cosine", "--final-learning-rate-fraction", "0.1")]
    [InlineData("--window-order", "random", "--window-stride", "3")]
    [InlineData("--mode", "rows", "--max-row-length", "50", "--patience", "2")]
    [InlineData("--validation-fraction", "0", "--validation", "held-out.txt")]
    public void OneThatCountsOrIsAtItsDefaultIsNot(params string[] arguments)
    {
        File.Copy(_folder["names.txt"], _folder["held-out.txt"]);

        CliRun.Ok(["train", _folder["names.txt"], "-o", _folder["x.zip"], .. Small,
            .. arguments.Select(argument => argument == "held-out.txt" ? _folder[argument] : argument)]);
    }

    [Fact]
    public void InAConfigurationItIsNamedByKeyAndPlace()
    {
        File.WriteAllText(_folder["x.rnnlm.json"], """
            {
              "source": { "files": ["names.csv"], "conditions": true },
              "data": { "mode": "rows" },
              "optimizer": { "momentum": 0.5 }
            }
            """);

        Assert.Contains("x.rnnlm.json:4:30: optimizer.momentum is for \"optimizer.kind\": \"sgd\" or rmsprop",
            CliRun.Of("train", _folder["x.rnnlm.json"]).Error, StringComparison.Ordinal);
        CliRun run = CliRun.Of("train", _folder["x.rnnlm.json"], "--momentum", "0");
        Assert.Contains("x.rnnlm.json:2:53: source.conditions is for text files; name the column of a table by source.condition_column",
            run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--hidden-size is 99, but the previous model has 6, which is kept", "--hidden-size", "99")]
    [InlineData("--cell is rnn, but the previous model has lstm, which is kept", "--cell", "rnn")]
    [InlineData("--layers is 3, but the previous model has 1, which is kept", "--layers", "3")]
    [InlineData("--mode is stream, but the previous model has rows, which is kept", "--mode", "stream")]
    [InlineData("--tie-weights contradicts the previous model's --no-tie-weights, which is kept", "--tie-weights")]
    [InlineData("--unknown-characters is skip, but the previous model has token, which is kept", "--unknown-characters", "skip")]
    [InlineData("--min-count is 3: it chooses characters of the data, but those of the previous model are kept", "--min-count", "3")]
    [InlineData("--characters names 4 characters, but the previous model knows 5 others, which are kept", "--characters", "abcΩ")]
    [InlineData("--conditions can't be learned by the previous model", "--conditions")]
    public void WhatContradictsThePreviousModelIsRefusedWithBothValues(string fault, params string[] arguments)
    {
        TrainRows();

        CliRun run = CliRun.Of(["train", _folder["names.txt"], "--previous", _folder["rows.zip"], "-o", _folder["x.zip"], .. Quick,
            .. arguments]);

        Assert.Equal(2, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["x.zip"]));
    }

    [Fact]
    public void SeveralContradictionsAreNamedTogether()
    {
        TrainRows();
        File.WriteAllText(_folder["x.rnnlm.json"], """
            { "source": { "files": ["names.txt"] }, "previous": "rows.zip",
              "model": { "layers": 3 } }
            """);

        string error = CliRun.Of("train", _folder["x.rnnlm.json"], "--cell", "gru").Error;

        Assert.Contains("x.rnnlm.json:2:24: model.layers is 3, but the previous model has 1", error, StringComparison.Ordinal);
        Assert.Contains("--cell is gru, but the previous model has lstm", error, StringComparison.Ordinal);
    }

    /// <summary>What the refusals of new characters and conditions advise.</summary>
    [Fact]
    public void APreviousModelLearnsNewCharactersAndConditionsWhereThatIsAsked()
    {
        TrainRows();
        File.WriteAllText(_folder["new.txt"], string.Concat(Enumerable.Repeat("de\tJürgen\nfr\tRené\n", 20)));

        CliRun run = CliRun.Ok(["train", _folder["new.txt"], "--previous", _folder["rows.zip"], "-o", _folder["x.zip"], "--conditions",
            "--grow-vocabulary", "--min-count", "20", .. Quick]);

        Assert.Contains("Added to the previous model: 7 characters ('J', 'R', 'e', 'g', 'r', 'é', 'ü') and 2 conditions ('de', 'fr')",
            run.Error, StringComparison.Ordinal);
        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["x.zip"]), before = RnnLanguageModel.Load(_folder["rows.zip"]);
        Assert.Equal(string.Concat(before.Characters) + "JRegréü", string.Concat(model.Characters));
        Assert.Equal(["de", "fr"], model.Conditions);
    }

    /// <summary>What the library says of characters that are not known names the flag, or the key of a configuration.</summary>
    [Theory]
    [InlineData("token", "--grow-vocabulary lets the model learn them.", "\"vocabulary.grow\": true lets the model learn them.")]
    [InlineData("skip", "--grow-vocabulary lets the model learn them.", "\"vocabulary.grow\": true lets the model learn them.")]
    [InlineData("throw", "or set --grow-vocabulary to let the model learn it.", "or set vocabulary.grow to let the model learn it.")]
    public void HowNewCharactersAreLearnedIsSaidInTheUsersWords(string policy, string flag, string key)
    {
        CliRun.Ok(["train", _folder["names.txt"], "--mode", "rows", "-o", _folder["rows.zip"], "--unknown-characters", policy, .. Small]);
        File.WriteAllText(_folder["new.txt"], string.Concat(Enumerable.Repeat("René\n", 20)));
        File.WriteAllText(_folder["x.rnnlm.json"], """{ "source": { "files": ["new.txt"] }, "previous": "rows.zip" }""");

        Assert.Contains(flag, CliRun.Of(["train", _folder["new.txt"], "--previous", _folder["rows.zip"], "-o", _folder["x.zip"],
            .. Quick]).Error, StringComparison.Ordinal);
        Assert.Contains(key, CliRun.Of(["train", _folder["x.rnnlm.json"], "-o", _folder["y.zip"], .. Quick]).Error,
            StringComparison.Ordinal);
    }

    /// <summary>A model of rows that goes on without --mode reads rows: its figure is that of rows, with the end of each.</summary>
    [Fact]
    public void ThePreviousModelsModeIsKept()
    {
        TrainRows();

        CliRun.Ok(["train", _folder["names.txt"], "--previous", _folder["rows.zip"], "-o", _folder["x.zip"], .. Quick]);

        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["x.zip"]);
        Assert.Equal((DataMode.Rows, 6), (model.Mode, model.Config.HiddenSize));
        Assert.Equal(5, model.Vocabulary.Characters.Count);
    }

    [Fact]
    public void TheFilterOfTheTrainingTextIsAsked()
    {
        CliRun.Ok(["train", _folder["names.txt"], "--mode", "rows", "-o", _folder["x.zip"], "--keep-text-filter", .. Small]);
        string[] sample = ["sample", _folder["x.zip"], "-p", "an", "-p", "ot", "--seed", "1"];

        // A pattern has the model write what occurs, and what does not.
        CliRun known = CliRun.Ok([.. sample, "--pattern", "na|to"]), mixed = CliRun.Ok([.. sample, "--pattern", "na"]);
        Assert.Equal(["anna", "otna"], mixed.Lines);
        Assert.Contains("In the training text, word for word: 1 of 2 texts.", mixed.Error, StringComparison.Ordinal);
        int occur = known.Lines.Count(line => line is "anna" or "otto");
        Assert.Contains($"In the training text, word for word: {occur} of 2 texts.", known.Error, StringComparison.Ordinal);
        Assert.Equal([true, false], CliRun.Ok([.. sample, "--pattern", "na", "--json"]).Lines.Select(InTrainingText));
        CliRun lines = CliRun.With("{\"prompt\":\"an\"}\n{\"prompt\":\"ot\"}\n", default, "sample", _folder["x.zip"], "--jsonl",
            "--pattern", "na");
        Assert.Equal([true, false], lines.Lines.Select(InTrainingText));
        Assert.Contains("training text     kept as a filter of whole rows", CliRun.Ok("inspect", _folder["x.zip"]).Output,
            StringComparison.Ordinal);

        static bool InTrainingText(string line) => JsonDocument.Parse(line).RootElement.GetProperty("in_training_text").GetBoolean();
    }

    [Fact]
    public void TheLimitOfTheLengthIsAnOption()
    {
        CliRun.Ok(["train", _folder["names.txt"], "-o", _folder["x.zip"], .. Small]);

        CliRun run = CliRun.Of("sample", _folder["x.zip"], "-p", "a", "--length", "100001", "--threads", "1");
        Assert.Contains("--max-length must be from 0 to --max-length-limit, which is 100000, but is 100001.", run.Error,
            StringComparison.Ordinal);
        string text = CliRun.Ok("sample", _folder["x.zip"], "-p", "a", "--length", "100001", "--max-length-limit", "100001", "--threads",
            "1").Output;
        Assert.Equal("a".Length + 100_001 + "\n".Length, text.Length);
    }

    [Fact]
    public void HelpShowsOfASwitchTheSideThatChangesSomething()
    {
        string help = CliRun.Ok("train", "--help").Output;

        foreach (string name in (string[])["--no-header ", "--no-quotes ", "--no-bidirectional ", "--resume ", "--keep-text-filter "])
            Assert.Contains($"\n  {name}", help, StringComparison.Ordinal);
        foreach (string name in (string[])["--header ", "--quotes ", "--bidirectional ", "--no-resume "])
            Assert.DoesNotContain($"\n  {name}", help, StringComparison.Ordinal);
    }

    [Fact]
    public void ATableWithoutAHeaderIsReadFromItsFirstLine()
    {
        CliRun.Ok(["train", _folder["names.csv"], "--mode", "rows", "-o", _folder["x.zip"], "--no-header", .. Small]);

        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["x.zip"]);
        Assert.Contains(new System.Text.Rune('N'), model.Vocabulary.Characters);
    }

    /// <summary>Messages name each option of the sources as the command line does.</summary>
    [Fact]
    public void OptionsOfTheSourcesHaveTheNamesOfTheCommandLine()
    {
        var words = new FlagWords(new TrainingOptionGroups().All);

        foreach (System.Reflection.FieldInfo field in typeof(SourceIds).GetFields().Where(field => field.Name != nameof(SourceIds.Files)))
            Assert.StartsWith("--", words.Name((OptionId)field.GetValue(null)!), StringComparison.Ordinal);
    }

    private void TrainRows() => CliRun.Ok(["train", _folder["names.txt"], "--mode", "rows", "-o", _folder["rows.zip"], .. Small]);
}
