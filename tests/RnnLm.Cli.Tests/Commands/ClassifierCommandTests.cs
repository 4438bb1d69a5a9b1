using System.Text.Json;
using RnnLm.ModelFiles;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

/// <summary>The commands on small classifiers, from labelled lines to labels.</summary>
public sealed class ClassifierCommandTests : IDisposable
{
    private static readonly string[] Small =
        ["--task", "classify", "--cell", "gru", "--hidden-size", "12", "--embedding-size", "8", "--batch-size", "8", "--learning-rate",
        "0.02", "--seed", "1", "--engine", "managed", "--threads", "1"];

    private readonly TempFolder _folder = new();

    public ClassifierCommandTests() => File.WriteAllLines(_folder["kinds.tsv"], Lines(120));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AClassifierIsTrainedEvaluatedAskedAndInspected()
    {
        CliRun train = Train("--epochs", "6", "--pooling", "max");
        Assert.Matches(@"^\d+ steps in 0:\d\d \(.+ texts/s\): validation loss \d\.\d{4} nats per text "
            + @"\(accuracy \d\.\d{4}, macro F1 \d\.\d{4}\), at step \d+\.\nSaved .*kinds\.zip\n$", train.Output);
        Assert.Matches(@"epoch 1/6  step .*  accuracy \d\.\d{4}, macro F1 \d\.\d{4}  .* texts/s", train.Error);

        JsonElement evaluation = Json(CliRun.Ok("evaluate", Model, _folder["kinds.tsv"], "--json").Lines[0]);
        Assert.Equal(120, evaluation.GetProperty("rows").GetInt32());
        Assert.True(evaluation.GetProperty("accuracy").GetDouble() > 0.95);
        Assert.True(evaluation.GetProperty("macro_f1").GetDouble() > 0.95);
        Assert.True(evaluation.GetProperty("nats_per_text").GetDouble() < 0.5);

        CliRun asked = CliRun.Ok("classify", Model, "-t", "4711-0815", "-t", "abracadabra");
        Assert.Equal(["number", "word"], asked.Lines.Select(line => line.Split('\t')[0]));
        Assert.Matches(@"^number\t[01]\.\d{4}\t4711-0815$", asked.Lines[0]);
        Assert.Matches(@"^word\t0\.\d{4}\tnumber\t0\.\d{4,}\tabracadabra$",
            CliRun.Ok("classify", Model, "-t", "abracadabra", "--top", "5").Lines[0]);

        string facts = CliRun.Ok("inspect", Model).Output;
        Assert.Contains("bidirectional GRU, 1 x 12 hidden units, embedding 8, max pooling", facts, StringComparison.Ordinal);
        Assert.Matches(@"classes +2: ", facts);
        Assert.Matches(@"validation loss +\d\.\d{4} nats per text, at step", facts);
        Assert.Matches(@"step \d+ +loss .*, accuracy \d\.\d{4}, macro F1 \d\.\d{4}", facts);
    }

    [Fact]
    public void FilesAndTheStandardInputAreClassifiedAlikeLineByLine()
    {
        Train("--steps", "20");
        string[] texts = ["12-34", "", "word", new string('x', 2000), "ጤና"];
        File.WriteAllLines(_folder["texts.txt"], texts);

        string fromFile = CliRun.Ok("classify", Model, _folder["texts.txt"], "--json").Output;

        Assert.Equal(fromFile, CliRun.With(string.Join('\n', texts), default, "classify", Model, "--json").Output);
        JsonElement[] lines = [.. fromFile.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Json)];
        Assert.Equal(texts, lines.Select(line => line.GetProperty("text").GetString()));
        Assert.All(lines, line =>
        {
            Dictionary<string, double> probabilities = line.GetProperty("probabilities").EnumerateObject()
                .ToDictionary(p => p.Name, p => p.Value.GetDouble(), StringComparer.Ordinal);
            Assert.Equal(["number", "word"], probabilities.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(1, probabilities.Values.Sum(), 5);
            Assert.Equal(probabilities.MaxBy(p => p.Value).Key, line.GetProperty("label").GetString());
        });
    }

    [Fact]
    public void EvaluationCountsLabelsAsTheyAre()
    {
        Train("--epochs", "6");
        File.WriteAllText(_folder["a.tsv"], "number\t12-3\nnumber\t99\nword\tabba\nshape\t1-1\n\tnothing\n");
        File.WriteAllText(_folder["b.tsv"], "word\t555\n");

        CliRun run = CliRun.Ok("evaluate", Model, _folder["a.tsv"], _folder["b.tsv"], "--json");

        JsonElement a = Json(run.Lines[0]), all = Json(run.Lines[2]);
        Assert.Equal((4, 1), (a.GetProperty("rows").GetInt32(), a.GetProperty("unknown_labels").GetInt32()));
        Assert.Equal(3 / 4.0, a.GetProperty("accuracy").GetDouble());
        // number: 2 of 2 found, with one wrong; word: right; shape: never found.
        Assert.Equal((0.8 + 1 + 0) / 3, a.GetProperty("macro_f1").GetDouble(), 12);
        Assert.Equal("all", all.GetProperty("text").GetString());
        Assert.Equal(3 / 5.0, all.GetProperty("accuracy").GetDouble());
        Assert.Equal([1, 0, 1], run.Lines.Select(line => Json(line).GetProperty("unlabelled_rows").GetInt32()));
        Assert.Equal($"warning: not counted: 1 row of '{_folder["a.tsv"]}' without a label.\n", run.Error);
        JsonElement number = all.GetProperty("labels").GetProperty("number");
        Assert.Equal((2, 0.5, 1.0),
            (number.GetProperty("rows").GetInt32(), number.GetProperty("precision").GetDouble(), number.GetProperty("recall").GetDouble()));

        CliRun table = CliRun.Ok("evaluate", Model, _folder["a.tsv"]);
        Assert.Matches(@"^model +text +rows +accuracy +macro F1 +nats/text +AUC$", table.Lines[0]);
        Assert.Contains("4 (1 of unknown labels) + 1 without a label", table.Lines[1], StringComparison.Ordinal);
        Assert.Matches(@"^number +2 +0\.6667 +1\.0000 +0\.8000$", table.Lines[3]);
    }

    [Fact]
    public void WhereNoRowHasALabelTheModelKnowsThatIsSaid()
    {
        Train("--steps", "2");
        File.WriteAllText(_folder["none.tsv"], "\tone\n\ttwo\n");
        File.WriteAllText(_folder["other.tsv"], "shape\tone\n\ttwo\n");
        string[] train = ["-o", _folder["x.zip"], "--task", "classify", "--steps", "2", "--engine", "managed", "--threads", "1"];
        string[] validated = ["train", _folder["kinds.tsv"], .. train, "--validation", _folder["other.tsv"]];

        foreach (string[] arguments in (string[][])[validated, [.. validated, "--previous", Model]])
            Says("other.tsv: no row of the validation data has a label that the model knows.", arguments);
        Says("none.tsv: no row of the training data has a label; one label is enough to go on with a classifier.",
            ["train", _folder["none.tsv"], .. train, "--previous", Model]);
        Says("none.tsv: no row has a label, so that there is nothing to compare answers with.", ["evaluate", Model, _folder["none.tsv"]]);

        static void Says(string fault, string[] arguments)
        {
            CliRun run = CliRun.Of(arguments);
            Assert.Equal(1, run.Code);
            Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>A label may have what would break the line that it is printed in, and the columns of a table.</summary>
    [Fact]
    public void LabelsAreEscapedWhereverLinesArePrinted()
    {
        File.WriteAllText(_folder["odd.csv"], "label,text\n"
            + string.Concat(Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? $"\"a\tb\",{i}\n" : $"\"c\nd\",x{i}\n")));
        string[] columns = ["--text-column", "text", "--label-column", "label"];
        CliRun.Ok(["train", _folder["odd.csv"], "-o", Model, .. columns, .. Small, "--steps", "2"]);

        CliRun table = CliRun.Ok(["evaluate", Model, _folder["odd.csv"], .. columns, "--false-positive-rate", "0.1"]);

        Assert.DoesNotContain('\t', table.Output);
        Assert.Equal(["a\\tb", "c\\nd", "a\\tb", "c\\nd"], table.Output.Split('\n').Select(line => line.Split(' ')[0])
            .Where(cell => cell.Contains('\\', StringComparison.Ordinal) && !cell.Contains("odd", StringComparison.Ordinal)));
        Assert.Contains("predicted a\\tb  predicted c\\nd", table.Output, StringComparison.Ordinal);
        Assert.Matches(@"classes +2: a\\tb, c\\nd\n", CliRun.Ok("inspect", Model).Output);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--output-format", "csv")]
    public void TopCountsInJsonAndTablesToo(params string[] format)
    {
        File.WriteAllLines(_folder["kinds.tsv"], Lines(60).Concat(Enumerable.Range(0, 30).Select(i => $"pair\t<{i}|{i * 7 % 60}>")));
        Train("--steps", "20");

        string[] counts = [.. ((string[][])[[], ["--top", "2"], ["--top", "1"]]).Select(top =>
            string.Concat(CliRun.Ok(["classify", Model, "-t", "4711-0815", .. format, .. top]).Output.Split("probabilities")[^1]
                .Where(c => c == ':')))];

        // As JSON, the name of the column is one more; an object has one for each label.
        Assert.Equal([counts[2].Length + 2, counts[2].Length + 1], counts[..2].Select(found => found.Length));
    }

    [Fact]
    public void BalancedClassesOneDirectionAndALanguageModelToStartFromAreOptions()
    {
        File.WriteAllLines(_folder["texts.txt"], Lines(60).Select(line => line.Split('\t')[1]));
        CliRun.Ok("train", _folder["texts.txt"], "-o", _folder["lm.zip"], "--mode", "rows", "--cell", "lstm", "--hidden-size", "20",
            "--embedding-size", "8", "--steps", "3", "--threads", "1");

        string[] arguments = ["train", _folder["kinds.tsv"], "-o", Model, "--task", "classify", "--previous", _folder["lm.zip"], "--steps",
            "3", "--threads", "1"];

        CliRun.Ok([.. arguments, "--no-bidirectional", "--class-balance", "0.5", "--validation", _folder["kinds.tsv"]]);

        Assert.Contains("LSTM, 1 x 20 hidden units, embedding 8, last pooling", CliRun.Ok("inspect", Model).Output,
            StringComparison.Ordinal);
        CliRun run = CliRun.Of([.. arguments, "-f", "--cell", "gru", "--hidden-size", "12"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("--cell is gru, but the previous model has lstm, which is kept; leave it out, or train a new model; --hidden-size "
            + "is 12, but the previous model has 20", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AClassifierIsTrainedFurtherAndLearnsNewLabels()
    {
        Train("--epochs", "6", "--pooling", "max", "--max-row-length", "40");
        File.WriteAllLines(_folder["more.tsv"], Lines(60).Concat(Enumerable.Range(0, 60).Select(i => $"pair\t<{i}|{i * 7 % 60}>")));
        string[] further = ["train", _folder["more.tsv"], "--previous", Model, "-o", _folder["x.zip"], "--task", "classify", "--seed", "2",
            "--batch-size", "8", "--engine", "managed", "--threads", "1"];

        CliRun run = CliRun.Ok([.. further, "--grow-vocabulary", "--epochs", "6"]);

        Assert.Contains("Added to the previous model: 3 characters ('<', '>', '|') and 1 label ('pair').", run.Error,
            StringComparison.Ordinal);
        JsonElement asked = Json(CliRun.Ok("classify", _folder["x.zip"], "-t", "<3|4>", "--json").Lines[0]);
        Assert.Equal("pair", asked.GetProperty("label").GetString());
        Assert.Equal(["number", "word", "pair"], asked.GetProperty("probabilities").EnumerateObject().Select(label => label.Name));
        Assert.Contains("bidirectional GRU, 1 x 12 hidden units, embedding 8, max pooling", CliRun.Ok("inspect", _folder["x.zip"]).Output,
            StringComparison.Ordinal);
        Assert.True(Json(CliRun.Ok("evaluate", _folder["x.zip"], _folder["more.tsv"], "--json").Lines[0]).GetProperty("accuracy")
            .GetDouble() > 0.95);

        Refused(1, "more.tsv:61: the previous model does not know the label 'pair'. Set --grow-vocabulary to add new labels, correct the "
            + "label, or leave the row out.", [.. further, "-f"]);
        Refused(2, "--previous names a classifier. Set --task classify to train it further, or name a language model",
            ["train", _folder["kinds.tsv"], "--previous", Model, "-o", _folder["y.zip"], "--mode", "rows"]);
        // The place is in the file that is at fault, whatever else there is.
        Refused(1, "more.tsv:61: the previous model does not know the label 'pair'",
            [.. further, "-f", "--validation", _folder["kinds.tsv"]]);
        Refused(2, "--no-bidirectional contradicts the previous model's --bidirectional, which is kept; leave it out, or train a new "
            + "model; --pooling is mean, but the previous model has max, which is kept",
            [.. further, "-f", "--no-bidirectional", "--pooling", "mean"]);

        static void Refused(int code, string fault, string[] arguments)
        {
            CliRun refused = CliRun.Of(arguments);
            Assert.Equal(code, refused.Code);
            Assert.Contains(fault, refused.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>How far texts are read is as the classifier has it, unless it is set, be it to the default.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(1000, "--max-row-length", "1000")]
    public void HowFarTextsAreReadIsKeptUnlessItIsSet(int expected, params string[] arguments)
    {
        Train("--steps", "2", "--max-row-length", "3");

        CliRun.Ok(["train", _folder["kinds.tsv"], "--previous", Model, "-o", _folder["x.zip"], "--task", "classify", "--steps", "2",
            "--engine", "managed", "--threads", "1", .. arguments]);

        Assert.Equal(expected, ModelArchive.Load(_folder["x.zip"]).MaxRowLength);
    }

    [Fact]
    public void TrainingAClassifierFurtherResumesToTheSameBits()
    {
        Train("--steps", "20");
        File.WriteAllLines(_folder["more.tsv"], Lines(40).Concat(Enumerable.Range(0, 40).Select(i => $"pair\t<{i}|{i * 7 % 60}>")));
        byte[] Further(string output, int steps, params string[] arguments)
        {
            CliRun.Ok(["train", _folder["more.tsv"], "--previous", Model, "-o", _folder[output], "-f", "--task", "classify", "--seed", "2",
                "--grow-vocabulary", "--engine", "managed", "--threads", "1", "--steps", $"{steps}", .. arguments]);
            return [.. ModelArchive.Load(_folder[output]).Weights.SelectMany(tensor => tensor.Values).SelectMany(BitConverter.GetBytes)];
        }

        byte[] whole = Further("whole.zip", 12);
        Further("part.zip", 5, "--checkpoint", _folder["c"]);

        Assert.Equal(whole, Further("part.zip", 12, "--checkpoint", _folder["c"], "--resume"));
    }

    [Fact]
    public void InterruptedTrainingKeepsTheBestAndResumes()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        string[] arguments = ["train", _folder["kinds.tsv"], "-o", Model, "--json", "--checkpoint", _folder["c"], "--resume", .. Small];
        CliRun.Ok([.. arguments, "--steps", "10"]);

        CliRun run = CliRun.Ok([.. arguments, "--steps", "20"]);

        Assert.Contains("Going on from step 10", run.Output, StringComparison.Ordinal);
        Assert.Equal(20, Json(run.Lines[^1]).GetProperty("steps").GetInt64());
        Assert.InRange(Json(run.Lines[^1]).GetProperty("validation_accuracy").GetDouble(), 0.4, 1);
        Assert.InRange(Json(run.Lines[^1]).GetProperty("validation_macro_f1").GetDouble(), 0.2, 1);
        CliRun other = CliRun.Of([.. arguments, "--steps", "30", "--pooling", "mean"]);
        Assert.Equal(1, other.Code);
        Assert.Contains("is of another training", other.Error, StringComparison.Ordinal);
        Assert.Equal(130, CliRun.With("", stop.Token, [.. arguments, "--steps", "30"]).Code);
    }

    [Theory]
    [InlineData("word\ta\nb\n", ".tsv:2: there should be a label, a tab, a text")]
    [InlineData("same\ta\nsame\tb\n", "have 1 label; a classifier needs at least 2")]
    [InlineData("\ta\n\tb\n", "have 0 labels")]
    [InlineData("a\t\nb\t\n", "there is no text in the training data")]
    public void LinesThatTeachNothingAreAnError(string lines, string fault)
    {
        File.WriteAllText(_folder["kinds.tsv"], lines);

        CliRun run = CliRun.Of(["train", _folder["kinds.tsv"], "-o", Model, .. Small]);

        Assert.Equal(1, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.Equal(["kinds.tsv"], _folder.Names);
    }

    [Theory]
    [InlineData("--mode", "pairs")]
    [InlineData("--mode", "stream")]
    [InlineData("--mode", "rows")]
    [InlineData("--sequence-length", "64")]
    [InlineData("--sequence-length", "9")]
    [InlineData("--window-order", "random")]
    [InlineData("--window-stride", "3")]
    [InlineData("--hidden-state", "carry")]
    [InlineData("--keep-text-filter", "true")]
    [InlineData("--tie-weights", "true")]
    [InlineData("--loss-reduction", "sum")]
    [InlineData("--teacher-forcing-ratio", "0.5")]
    public void WhatOnlyLanguageModelsHaveIsRefusedBeforeTraining(string option, string value)
    {
        CliRun run = CliRun.Of(["train", _folder["kinds.tsv"], "-o", Model, option, value, .. Small]);

        Assert.Equal(2, run.Code);
        Assert.Equal(
            $"rnnlm: {option} is for language models, not for classifiers; say --task language-model, or leave it out.\n", run.Error);
        Assert.Equal(["kinds.tsv"], _folder.Names);
    }

    [Fact]
    public void InAConfigurationItIsRefusedByKeyAndPlaceUnlessItAsksForNothing()
    {
        const string Start = "{ \"source\": { \"files\": \"kinds.tsv\" }, \"task\": \"classify\", \"training\": { \"max_steps\": 1 },\n";
        File.WriteAllText(_folder["x.rnnlm.json"], Start
            + "\"data\": { \"mode\": \"stream\" },\n\"model\": { \"tie_weights\": true },\n"
            + "\"sampling\": { \"temperature\": 0.5, \"top_k\": 0 } }");

        CliRun run = CliRun.Of("train", _folder["x.rnnlm.json"]);

        const string Why = " is for language models, not for classifiers; say \"task\": \"language_model\", or leave it out";
        Assert.Equal(2, run.Code);
        foreach (string place in (string[])[":2:19: data.mode", ":3:27: model.tie_weights", ":4:30: sampling.temperature"])
            Assert.Contains($"x.rnnlm.json{place}{Why}", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("top_k", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["x.zip"]));

        // A classifier reads rows, so that saying it asks for nothing.
        File.WriteAllText(_folder["x.rnnlm.json"], Start
            + "\"data\": { \"mode\": \"rows\", \"sequence_length\": 64, \"batch_size\": 4 }, \"sampling\": { \"stop_strings\": [] } }");
        CliRun.Ok("train", _folder["x.rnnlm.json"], "--threads", "1", "--hidden-size", "4");
    }

    [Fact]
    public void ANewConfigurationHasTheOptionsOfItsTask()
    {
        string classifier = New("--task", "classify"), model = New("--mode", "rows");

        foreach (string key in (string[])["mode", "sequence_length", "tie_weights", "teacher_forcing_ratio", "sampling", "temperature"])
        {
            Assert.DoesNotContain($"\"{key}\"", classifier, StringComparison.Ordinal);
            Assert.Contains($"\"{key}\"", model, StringComparison.Ordinal);
        }

        foreach (string key in (string[])["classifier", "pooling"])
        {
            Assert.Contains($"\"{key}\"", classifier, StringComparison.Ordinal);
            Assert.DoesNotContain($"\"{key}\"", model, StringComparison.Ordinal);
        }

        string New(params string[] task)
        {
            CliRun.Ok(["new", _folder["x"], "--force", "--data", _folder["kinds.tsv"], .. task]);
            return File.ReadAllText(_folder["x.rnnlm.json"]);
        }
    }

    [Fact]
    public void ModelsOfTheOtherKindAreRefused()
    {
        Train("--steps", "1");
        Assert.Contains("holds a text classifier, not a language model", CliRun.Of("sample", Model).Error, StringComparison.Ordinal);
        File.WriteAllLines(_folder["texts.txt"], Lines(60));
        CliRun.Ok("train", _folder["texts.txt"], "-o", _folder["lm.zip"], "--hidden-size", "8", "--steps", "1", "--threads", "1");
        CliRun refused = CliRun.Of("classify", _folder["lm.zip"], "-t", "a");
        Assert.Equal(1, refused.Code);
        Assert.Contains("holds a language model, not a text classifier", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, CliRun.Of("evaluate", Model, _folder["kinds.tsv"], "--compare", _folder["lm.zip"]).Code);
        Assert.Equal(2, CliRun.Of("classify", Model, _folder["texts.txt"], "-t", "a").Code);
        Assert.Equal(2, CliRun.Of("classify", Model, "-t", "a", "--top", "0").Code);
    }

    private string Model => _folder["kinds.zip"];

    private CliRun Train(params string[] arguments) => CliRun.Ok(["train", _folder["kinds.tsv"], "-o", Model, .. Small, .. arguments]);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static IEnumerable<string> Lines(int count) => Enumerable.Range(0, count).Select(i => i % 2 == 0
        ? $"number\t{i * 37 % 100}-{i}"
        : "word\t" + string.Concat(Enumerable.Range(0, 3 + (i % 5)).Select(j => (char)('a' + (((i * 7) + (j * 11)) % 26)))));
}
