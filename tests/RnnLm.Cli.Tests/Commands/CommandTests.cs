using System.Diagnostics;
using System.Text.Json;
using RnnLm.Cli.Terminal;
using RnnLm.Scoring;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

/// <summary>The commands on small models, from text to text.</summary>
public sealed class CommandTests : IDisposable
{
    private static readonly string[] Small =
        ["--hidden-size", "16", "--embedding-size", "8", "--batch-size", "4", "--seed", "1", "--engine", "managed", "--threads", "1"];

    private readonly TempFolder _folder = new();

    public CommandTests()
    {
        File.WriteAllText(_folder["song.txt"],
            string.Concat(Enumerable.Repeat("the cat sat on the mat, and the dog sat on the log.\n", 40)));
        File.WriteAllText(_folder["names.txt"], string.Concat(Enumerable.Repeat("anna\nhannah\notto\nbob\n", 20)));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AModelIsTrainedSavedSampledEvaluatedAndInspected()
    {
        CliRun train = Train("song", "--epochs", "3");

        Assert.Matches(@"^\d+ steps in 0:\d\d \(.+ chars/s\): validation loss \d\.\d{4} nats per character "
            + @"\(\d\.\d{3} bits, \d\.\d{3} bits per byte, perplexity .+\), at step \d+\.\nSaved .*song\.zip\n$", train.Output);
        Assert.Contains("epoch 1/3  step ", train.Error, StringComparison.Ordinal);
        Assert.Equal(["names.txt", "song.txt", "song.zip"], _folder.Names);

        string[] sample = ["sample", _folder["song.zip"], "-p", "the ", "--length", "30", "--seed", "5"];
        string written = CliRun.Ok(sample).Output;
        Assert.StartsWith("the ", written, StringComparison.Ordinal);
        Assert.Equal("the ".Length + 30 + 1, written.Length);
        Assert.Equal(written, CliRun.Ok(sample).Output);
        Assert.Equal(written[4..], CliRun.Ok([.. sample, "--no-prompt"]).Output);

        JsonElement evaluation = Json(CliRun.Ok("evaluate", _folder["song.zip"], _folder["song.txt"], "--json").Lines[0]);
        Assert.InRange(evaluation.GetProperty("nats_per_character").GetDouble(), 0.1, Math.Log(30));
        Assert.Equal(2080 - 1, evaluation.GetProperty("characters").GetInt32());

        string facts = CliRun.Ok("inspect", _folder["song.zip"]).Output;
        Assert.Contains("LSTM, 1 x 16 hidden units, embedding 8", facts, StringComparison.Ordinal);
        Assert.Matches(@"data +song\.txt", facts);
        JsonElement config = Json(CliRun.Ok("inspect", _folder["song.zip"], "--json").Output);
        Assert.Equal(16, config.GetProperty("model").GetProperty("hidden_size").GetInt32());
    }

    [Fact]
    public void ProgressAsJSONSaysWhatTheTextSays()
    {
        CliRun run = Train("song", "--epochs", "2", "--json");

        JsonElement[] events = [.. run.Lines.Select(Json)];
        Assert.Equal("done", events[^1].GetProperty("event").GetString());
        Assert.Equal(_folder["song.zip"], events[^1].GetProperty("model").GetString());
        Assert.Equal("completed", events[^1].GetProperty("stop_reason").GetString());
        JsonElement[] evaluations = [.. events.Where(e => e.GetProperty("event").GetString() == "progress"
            && e.GetProperty("validation_loss").ValueKind == JsonValueKind.Number)];
        Assert.Equal(2, evaluations.Length);
        Assert.Equal(evaluations.Min(e => e.GetProperty("validation_loss").GetDouble()),
            events[^1].GetProperty("validation_loss").GetDouble());
        Assert.Empty(run.Error);
    }

    [Fact]
    public void ABoundInStepsTakesThePlaceOfTheEpochs()
    {
        CliRun run = Train("song", "--steps", "300", "--json");

        Assert.Equal(300, Json(run.Lines[^1]).GetProperty("steps").GetInt64());
    }

    [Fact]
    public void RowsWithConditionsAreLearnedAndAskedFor()
    {
        File.WriteAllText(_folder["kinds.txt"], string.Concat(Enumerable.Repeat("cat\tmiau\ndog\twau\n", 30)));
        Train("kinds", "--mode", "rows", "--conditions", "--epochs", "40", "--learning-rate", "0.02");

        string[] ask = ["sample", _folder["kinds.zip"], "--temperature", "0"];
        Assert.Equal("miau\n", CliRun.Ok([.. ask, "-c", "cat"]).Output);
        Assert.Equal("wau\n", CliRun.Ok([.. ask, "-c", "dog"]).Output);
        CliRun unknown = CliRun.Of([.. ask, "-c", "cow"]);
        Assert.Equal(2, unknown.Code);
        Assert.Contains("does not know the condition 'cow'. It knows 'cat', 'dog'.", unknown.Error, StringComparison.Ordinal);
        Assert.True(Json(CliRun.Ok("evaluate", _folder["kinds.zip"], _folder["kinds.txt"], "--conditions", "--json").Lines[0])
            .GetProperty("perplexity").GetDouble() < 1.1);
    }

    [Fact]
    public void PairsAreLearnedAndAnswered()
    {
        File.WriteAllText(_folder["sums.txt"], string.Concat(Enumerable.Repeat("1+1=?\t2\n1+2=?\t3\n", 40)));
        Train("sums", "--mode", "pairs", "--epochs", "40", "--learning-rate", "0.02");

        Assert.Equal("1+1=?2\n1+2=?3\n",
            CliRun.Ok("sample", _folder["sums.zip"], "-p", "1+1=?", "-p", "1+2=?", "--temperature", "0").Output);
    }

    [Fact]
    public void AnOutputThatExistsIsReplacedOnlyWhenAsked()
    {
        File.WriteAllText(_folder["song.zip"], "precious");

        CliRun run = CliRun.Of(["train", _folder["song.txt"], "-o", _folder["song.zip"], "--steps", "2", .. Small]);

        Assert.Equal(2, run.Code);
        Assert.Contains("exists. Say --force to replace it", run.Error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_folder["song.zip"]));
        Train("song", "--steps", "2", "--force");
    }

    [Fact]
    public void AnOutputThatCannotBeWrittenIsSaidBeforeTraining()
    {
        foreach ((string path, string fault) in new[] { (_folder.Path, "is a folder"),
            (Path.Combine(_folder["nowhere"], "x.zip"), "does not exist") })
        {
            CliRun run = CliRun.Of(["train", _folder["song.txt"], "-o", path, .. Small]);
            Assert.Equal(2, run.Code);
            Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        }

        using (new FileStream(_folder["song.zip.rnnlm.lock"], FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            CliRun run = CliRun.Of(["train", _folder["song.txt"], "-o", _folder["song.zip"], .. Small]);
            Assert.Equal(1, run.Code);
            Assert.Contains("another run is about to write it", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FilesThatAreNoTextAreRefused()
    {
        File.WriteAllBytes(_folder["song.txt"], [.. "abc\n"u8, 0xE9, (byte)'\n']);
        CliRun run = CliRun.Of(["train", _folder["song.txt"], "-o", _folder["song.zip"], .. Small]);
        Assert.Equal(1, run.Code);
        Assert.Contains("song.txt:2: this is not UTF-8: a byte 0xE9 is out of place. ", run.Error, StringComparison.Ordinal);
        Assert.Equal(["names.txt", "song.txt"], _folder.Names);

        File.WriteAllText(_folder["song.txt"], "");
        run = CliRun.Of(["train", _folder["song.txt"], "-o", _folder["song.zip"], .. Small]);
        Assert.Equal(1, run.Code);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void InterruptedTrainingKeepsTheBestAndResumes()
    {
        string[] arguments =
            ["train", _folder["song.txt"], "-o", _folder["song.zip"], "--json", "--steps", "400", "--evaluate-every", "20", "--checkpoint",
            _folder["c"], "--resume", .. Small];
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop, "\"validation_loss\":1");

        CliRun run = CliRun.With("", output, stop.Token, arguments);

        Assert.Equal(130, run.Code);
        JsonElement done = Json(run.Lines[^1]);
        Assert.Equal("cancelled", done.GetProperty("stop_reason").GetString());
        Assert.InRange(done.GetProperty("steps").GetInt64(), 20, 399);
        CliRun.Ok("sample", _folder["song.zip"]);

        run = CliRun.Ok(arguments);
        Assert.Equal(400, Json(run.Lines[^1]).GetProperty("steps").GetInt64());
        Assert.Contains("Going on from step", run.Output, StringComparison.Ordinal);
    }

    /// <summary>Ctrl+C, a cluster that ends a job, and a terminal or a connection that is closed.</summary>
    [SkippableTheory]
    [InlineData("INT", 2)]
    [InlineData("TERM", 15)]
    [InlineData("HUP", 1)]
    public void ASignalStopsTheProcessAndKeepsTheModel(string signal, int number)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals to send to one process.");
        Skip.If(Ignores(number),
            "The tests were started in the background or by nohup, with the signal ignored, and so would be the process that they start.");
        string cli = typeof(CommandLine).Assembly.Location;
        string[] arguments =
            [cli, "train", _folder["song.txt"], "-o", _folder["song.zip"], "--minutes", "2", "--evaluate-every", "20", .. Small];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false
        })!;
        while (process.StandardError.ReadLine() is { } line && !line.Contains("validation", StringComparison.Ordinal))
        {
            // Waits until there is something to keep.
        }

        _ = process.StandardError.ReadToEndAsync();
        Process.Start("kill", [$"-{signal}", $"{process.Id}"]).WaitForExit();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.Equal(130, process.ExitCode);
        Assert.Contains(", stopped: validation loss", output, StringComparison.Ordinal);
        Assert.Equal(["names.txt", "song.txt", "song.zip"], _folder.Names);
        CliRun.Ok("inspect", _folder["song.zip"]);
    }

    [Fact]
    public void AModelIsTrainedFurther()
    {
        Train("song", "--epochs", "4");
        File.Move(_folder["song.zip"], _folder["first.zip"]);

        CliRun run = Train("song", "--epochs", "4", "--previous", _folder["first.zip"], "--json");

        double before = Json(CliRun.Ok("evaluate", _folder["first.zip"], _folder["song.txt"], "--json").Lines[0])
            .GetProperty("nats_per_character").GetDouble();
        double after = Json(CliRun.Ok("evaluate", _folder["song.zip"], _folder["song.txt"], "--json").Lines[0])
            .GetProperty("nats_per_character").GetDouble();
        Assert.True(after < before, $"{after} nats after going on, {before} before: {run.Output}");
    }

    [Fact]
    public void LinesOfJSONAreContinuedAlikeHoweverTheyAreDivided()
    {
        Train("names", "--mode", "rows", "--epochs", "5");
        string[] lines =
        [
            """{"key": 7, "prompt": "a", "note": ["kept", 1.50]}""",
            """{"key": "row é", "prompt": "ha"}""",
            """{"key": 2, "prompt": "", "max_length": 2}""",
            """{"key": -1, "prompt": "b", "temperature": 0}""",
            """{"key": 8, "prompt": "a"}""",
            """{"key": 9, "prompt": "b", "pattern": "[ab]{3}|t{5}"}""",
        ];
        string[] arguments = ["sample", _folder["names.zip"], "--jsonl", "--seed", "3"];

        string together = CliRun.With(string.Join('\n', lines), default, arguments).Output;
        string apart = string.Concat(lines.Reverse()
            .Select(line => CliRun.With(line + "\n", default, [.. arguments, "--batch-size", "1"]).Output).Reverse());

        Assert.Equal(together, apart);
        JsonElement[] written = [.. together.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Json)];
        Assert.StartsWith("""{"key":7,"prompt":"a","note":["kept",1.50],"continuation":""", together, StringComparison.Ordinal);
        Assert.Equal(lines.Select(l => Json(l).GetProperty("prompt").GetString()),
            written.Select(w => w.GetProperty("prompt").GetString()));
        Assert.True(written[2].GetProperty("continuation").GetString()!.Length <= 2);
        Assert.Matches("^(?:[ab]{3}|t{5})$", written[5].GetProperty("continuation").GetString());

        // A whole number is the row's place in a list of prompts, in the library as in ML.NET.
        string direct = CliRun.Ok(["sample", _folder["names.zip"], "--seed", "3", "--no-prompt",
            .. Enumerable.Repeat<string[]>(["-p", "a"], 9).SelectMany(p => p)]).Output.Split('\n')[8];
        Assert.Equal(direct, written[4].GetProperty("continuation").GetString());
    }

    [Theory]
    [InlineData("[1]", "not an object")]
    [InlineData("{\"key\": 1}", "no \"prompt\"")]
    [InlineData("{\"prompt\": \"\\ud800\"}", "is half of a surrogate pair without the other half")]
    [InlineData("{\"prompt\": \"a\", \"\\udc00\": 1}", "is half of a surrogate pair without the other half")]
    [InlineData("{\"prompt\": \"a\", \"note\": [\"\\udc00x\"]}", "is half of a surrogate pair without the other half")]
    [InlineData("{\"prompt\": \"a\", \"temperature\": 1e309}", "its \"temperature\" must be a finite number of at least 0, but is 1e309.")]
    [InlineData("{\"prompt\": \"a\", \"temperature\": -1}", "its \"temperature\" must be a finite number of at least 0, but is -1.")]
    [InlineData("{\"prompt\": \"a\", \"max_length\": 1.5}",
        "its \"max_length\" must be a whole number from 0 to --max-length-limit, which is 100000, but is 1.5.")]
    [InlineData("{\"prompt\": \"a\", \"max_length\": 200000}",
        "its \"max_length\" must be a whole number from 0 to --max-length-limit, which is 100000, but is 200000.")]
    [InlineData("{\"prompt\": 5}", "its \"prompt\" is a number, not a string")]
    [InlineData("{\"prompt\": \"a\", \"condition\": \"x\"}", "no conditions")]
    [InlineData("{", "this is not JSON: ")]
    public void ALineThatIsNotAsItShouldBeIsNamed(string line, string fault)
    {
        Train("names", "--mode", "rows", "--steps", "1");

        CliRun run = CliRun.With("{\"prompt\": \"a\"}\n" + line, default, "sample", _folder["names.zip"], "--jsonl");

        Assert.Equal(1, run.Code);
        Assert.Contains("rnnlm: standard input:2: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralSamplesAreWrittenAndStopStringsEndThem()
    {
        Train("song", "--epochs", "2");

        CliRun run = CliRun.Ok("sample", _folder["song.zip"], "-n", "3", "--seed", "1", "--stop", @"\n", "--json");

        JsonElement[] texts = [.. run.Lines.Select(Json)];
        Assert.Equal(3, texts.Length);
        Assert.Equal(3, texts.Select(t => t.GetProperty("continuation").GetString()).Distinct().Count());
        Assert.All(texts, t => Assert.DoesNotContain('\n', t.GetProperty("continuation").GetString()!));
        Assert.Equal(2, CliRun.Of("sample", _folder["song.zip"], "--temperature", "-1").Code);
    }

    [Fact]
    public void EveryTextMatchesThePattern()
    {
        Train("song", "--epochs", "2");

        CliRun run = CliRun.Ok("sample", _folder["song.zip"], "-n", "20", "--seed", "1", "--pattern", "(?i)the [a-z]{2,3}[,.]",
            "--no-prompt");
        Assert.All(run.Lines, line => Assert.Matches("^(?i:the [a-z]{2,3}[,.])$", line));
        run = CliRun.Ok("sample", _folder["song.zip"], "-p", "the c", "--pattern", "the c[at]{5}", "--pattern-includes-prompt");
        Assert.Matches("^the c[at]{5}\n$", run.Output);
        Assert.Equal((2, "rnnlm: --pattern 'a(?=b)' has a look-ahead '(?=' at offset 1, which is not regular. Patterns may have "
            + "characters, classes, groups, alternatives, "
            + "quantifiers and the anchors ^ $ \\A \\Z \\z.\n"), Fault("--pattern", "a(?=b)"));
        Assert.Equal((2, "rnnlm: --pattern 'a{9}' needs at least 9 characters, but --max-length is 5.\n"),
            Fault("--pattern", "a{9}", "--length", "5"));

        (int, string) Fault(params string[] arguments) =>
            CliRun.Of(["sample", _folder["song.zip"], .. arguments]) is var failed ? (failed.Code, failed.Error) : default;
    }

    [Fact]
    public void WhatTheLibraryAdvisesIsSaidInOptions()
    {
        Train("song", "--steps", "1");

        CliRun run = CliRun.Of("sample", _folder["song.zip"], "--device", "cuda:99");

        Assert.Equal(1, run.Code);
        Assert.StartsWith("rnnlm: device 'cuda:99' can't be used: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith(" set --fallback-to-cpu or --device cpu.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoModelsAreComparedOnSeveralFiles()
    {
        Train("song", "--epochs", "1");
        Train("names", "--mode", "rows", "--steps", "3");

        CliRun run = CliRun.Ok("evaluate", _folder["song.zip"], _folder.Path, "--compare", _folder["names.zip"]);

        Assert.Equal(6, run.Lines.Count(line => line.StartsWith(_folder.Path, StringComparison.Ordinal)));
        Assert.Matches(@"^model +text +characters +nats/char +bits/char +bits/byte +perplexity$", run.Lines[0]);
        Assert.Contains(run.Lines,
            l => l.StartsWith(_folder["names.zip"], StringComparison.Ordinal) && l.Contains(" all ", StringComparison.Ordinal));
        // Each line with unknown characters has one below it without them.
        Assert.Equal(4, run.Lines.Count(l => l.Contains(" unknown, ", StringComparison.Ordinal)));
        Assert.Equal(4, run.Lines.Count(l => l.Contains("without the unknown", StringComparison.Ordinal)));
    }

    [Fact]
    public void ALongTextIsScoredAsIfItWereReadInOnePiece()
    {
        File.WriteAllText(_folder["long.txt"],
            string.Concat(Enumerable.Repeat("the cat sat on the mat, and the dog sat on the log.\n", 500)));
        Train("song", "--epochs", "3");
        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["song.zip"]);

        JsonElement evaluation = Json(CliRun.Ok("evaluate", _folder["song.zip"], _folder["long.txt"], "--json").Lines[0]);

        var scorer = new TextScorer(model.Loaded.LanguageModel, model.Loaded.Framing, 1);
        TextScore whole = scorer.Score([new ScoreRequest(File.ReadAllText(_folder["long.txt"]).AsMemory())]).Single();
        Assert.Equal(whole.Count, evaluation.GetProperty("characters").GetInt32());
        Assert.Equal(whole.NatsPerCharacter, evaluation.GetProperty("nats_per_character").GetDouble(), 4);
    }

    [Fact]
    public void TheBenchmarkPrintsALineForEachMeasurement()
    {
        CliRun run = CliRun.Ok("bench", "--engine", "managed", "--configs", "min-char-rnn", "--seconds", "0.05", "--threads", "1");

        JsonElement[] lines = [.. run.Lines.Select(Json)];
        Assert.Equal(["train", "sample", "sample"], lines.Select(l => l.GetProperty("what").GetString()));
        Assert.Equal([1, 64], lines.Skip(1).Select(l => l.GetProperty("batch").GetInt32()));
        Assert.All(lines, l =>
        {
            Assert.Equal("managed", l.GetProperty("engine").GetString());
            Assert.Equal("min-char-rnn", l.GetProperty("config").GetString());
            Assert.Equal(1, l.GetProperty("threads").GetInt32());
            Assert.True(l.GetProperty("chars_per_s").GetDouble() > 0);
        });
    }

    [Fact]
    public void TheBenchmarkComparesWritingWithAPatternAndWithout()
    {
        string[] ask = ["bench", "--engine", "managed", "--configs", "d2l-rnn", "--seconds", "0.01", "--threads", "1"];

        JsonElement[] lines = [.. CliRun.Ok([.. ask, "--pattern", "[a-e]{1,20}"]).Lines.Select(Json)];

        Assert.All(lines, line => Assert.Equal("write", line.GetProperty("what").GetString()));
        Assert.Equal([1, 1, 64, 64], lines.Select(line => line.GetProperty("batch").GetInt32()));
        Assert.Equal([null, "[a-e]{1,20}", null, "[a-e]{1,20}"],
            lines.Select(line => line.TryGetProperty("pattern", out JsonElement pattern) ? pattern.GetString() : null));
        Assert.All(lines, line => Assert.True(line.GetProperty("chars_per_s").GetDouble() > 0));
        Assert.Contains("rnnlm: --pattern 'é' can't be matched", CliRun.Of([.. ask, "--pattern", "é"]).Error, StringComparison.Ordinal);
        Assert.Contains("say --what write", CliRun.Of([.. ask, "--pattern", "a", "--what", "train"]).Error, StringComparison.Ordinal);
    }

    private CliRun Train(string name, params string[] arguments) =>
        CliRun.Ok(["train", _folder[name + ".txt"], "-o", _folder[name + ".zip"], .. Small, .. arguments]);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    /// <summary>Asks to stop once a text is written.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stop, string text) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value!.Contains(text, StringComparison.Ordinal))
                stop.Cancel();
        }
    }

    private static bool Ignores(int signal)
    {
        const string Field = "SigIgn:";
        return File.Exists("/proc/self/status")
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } signals
            && (Convert.ToUInt64(signals[Field.Length..].Trim(), 16) & (1UL << (signal - 1))) != 0;
    }
}
