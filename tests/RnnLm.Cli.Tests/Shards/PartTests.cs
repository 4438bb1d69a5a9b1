using System.Text.Json;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.Files;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Shards;

/// <summary>Parts that many processes write are the file of one, whatever happens to the processes.</summary>
public sealed class PartTests(ReportModels models) : IClassFixture<ReportModels>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Parts => _folder["parts"];

    [Theory]
    [InlineData("one.jsonl", "score SONG ROWS")]
    [InlineData("one.csv", "score SONG TABLE --per-character")]
    [InlineData("one.jsonl", "embed SONG ROWS --pooling mean")]
    [InlineData("one.npy", "embed SONG ROWS")]
    [InlineData("one.safetensors", "embed SONG ROWS")]
    [InlineData("one.csv", "classify CLASSIFIER TABLE")]
    [InlineData("one.txt", "classify CLASSIFIER ROWS")]
    [InlineData("one.tsv", "suggest SONG TABLE -n 2")]
    [InlineData("one.jsonl", "sample SONG KEYS --seed 5 --length 12 -n 2")]
    [InlineData("one.jsonl", "sample SONG ROWS --seed 5 --length 12")]
    [InlineData("one.csv", "generate KINDS -n 100 --seed 5 --first-row 30")]
    [InlineData("one.jsonl", "generate KINDS -n 61 --seed 5 --condition-weights uniform --length 8")]
    public void TheMergedFileIsThatOfOneProcess(string one, string command)
    {
        WriteRows(151);
        string[] ask = Words(command);
        CliRun.Ok([.. ask, "-o", _folder[one], "--threads", "1"]);
        string format = Path.GetExtension(one)[1..];
        string[] asPart = [.. ask, "-o", Parts, ask[0] == "generate" ? "--format" : "--output-format", format == "txt" ? "text" : format];

        for (int shard = 7; shard >= 0; shard--)
        {
            string[] way = ask[0] is "sample" or "score" or "embed" && shard % 2 == 0
                ? ["--batch-size", "3", "--threads", "2"]
                : ["--threads", "2"];
            CliRun.Ok([.. asPart, .. way, "--shard", $"{shard}/8"]);
        }

        CliRun merge = CliRun.Ok("merge", Parts, "-o", _folder["merged" + Path.GetExtension(one)]);
        Assert.Contains(" of 8 parts in ", merge.Error, StringComparison.Ordinal);
        if (format == "jsonl")
            Assert.Contains($"{File.ReadLines(_folder[one]).Count()} results of 8 parts in ", merge.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_folder[one]), File.ReadAllBytes(_folder["merged" + Path.GetExtension(one)]));
        if (format is "npy" or "safetensors")
        {
            CliRun refused = CliRun.Of("merge", Parts, "-o", "-");
            Assert.Equal((2, ""), (refused.Code, refused.Output));
            Assert.Contains($"the parts are '*.{format}', which goes into a file. Name one by --output.", refused.Error,
                StringComparison.Ordinal);
        }
        else
            Assert.Equal(File.ReadAllText(_folder[one]), CliRun.Ok("merge", Parts, "-o", "-").Output);
        Assert.Equal(16, Directory.GetFiles(Parts).Length);
    }

    [Fact]
    public void ThereMayBeMoreSharesThanRows()
    {
        File.WriteAllText(_folder["rows.csv"], "text\nthe\ncat\n");
        string[] score = ["score", models.Song, _folder["rows.csv"], "-o"],
            generate = ["generate", models.Kinds, "-n", "2", "--seed", "1", "--format",
            "csv", "-o"];
        foreach (string[] ask in (string[][])[score, generate])
        {
            CliRun.Ok([.. ask, _folder[ask[0] + ".csv"]]);
            for (int shard = 0; shard < 5; shard++)
                CliRun.Ok([.. ask, _folder[ask[0]], "--shard", $"{shard}/5"]);
            CliRun.Ok("merge", _folder[ask[0]], "-o", _folder["merged.csv"], "-f");
            Assert.Equal(File.ReadAllText(_folder[ask[0] + ".csv"]), File.ReadAllText(_folder["merged.csv"]));
        }
    }

    [Fact]
    public void APartThatIsThereIsNotMadeAgain()
    {
        WriteRows(20);
        string part = Path.Combine(Parts, "part-00001-of-00002.jsonl");
        CliRun run = Shard(1, 2);
        Assert.Contains($"10 rows of 20 in {part}.", run.Error, StringComparison.Ordinal);
        byte[] was = File.ReadAllBytes(part);
        File.SetLastWriteTimeUtc(part, DateTime.UnixEpoch);

        Assert.Contains($"{part} is there, whole: nothing is done. --overwrite makes it again.", Shard(1, 2).Error,
            StringComparison.Ordinal);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(part));
        Shard(1, 2, "--overwrite");
        Assert.NotEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(part));
        Assert.Equal(was, File.ReadAllBytes(part));
        // A manifest without its part is what a run leaves that is killed at the very end.
        File.Delete(part);
        Assert.Contains("10 rows of 20 in", Shard(1, 2).Error, StringComparison.Ordinal);
        Assert.Equal(was, File.ReadAllBytes(part));
    }

    [Fact]
    public void WhatWasMadeOfSomethingElseIsNotTakenForTheSame()
    {
        WriteRows(20);
        Shard(0, 2);
        Assert.Contains("made of something else: --json was not given, and is given now; --per-character was not given, and is given now",
            Fail(2, "--shard", "0/2", "--per-character", "--json"), StringComparison.Ordinal);
        Assert.Contains("parts' has parts of 2 shards, and 4 are asked for", Fail(2, "--shard", "0/4"), StringComparison.Ordinal);

        Assert.Contains("part-00000-of-00002.jsonl' is the part of this share in another format. Say --overwrite",
            Fail(2, "--shard", "0/2", "--output-format", "csv"), StringComparison.Ordinal);
        Shard(0, 2, "--output-format", "csv", "--overwrite");
        Assert.Equal(["part-00000-of-00002.csv", "part-00000-of-00002.manifest.json"],
            Directory.GetFiles(Parts).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Shard(0, 2, "--overwrite");

        File.AppendAllText(_folder["rows.txt"], "one more\n");
        Assert.Contains("made of something else: the content of the input was", Fail(2, "--shard", "0/2"), StringComparison.Ordinal);
        Shard(1, 2);
        CliRun merge = CliRun.Of("merge", Parts, "-o", _folder["m.jsonl"]);
        Assert.Equal(1, merge.Code);
        Assert.Contains("are not of one run: the content of the input was", merge.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["m.jsonl"]));

        Shard(0, 2, "--overwrite");
        CliRun.Ok("merge", Parts, "-o", _folder["m.jsonl"]);
        Assert.Equal(21, File.ReadLines(_folder["m.jsonl"]).Count());

        File.Copy(models.Song, _folder["other.zip"]);
        CliRun.Ok("check", models.Song, "--held-out", _folder["rows.txt"], "--false-positive-rate", "0.1", "--save", _folder["other.zip"],
            "-f");
        CliRun.Ok("score", _folder["other.zip"], _folder["rows.txt"], "-o", Parts, "--shard", "1/2", "--overwrite");
        Assert.Contains("the content of the model was", CliRun.Of("merge", Parts, "-o", _folder["n.jsonl"]).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNotWholeIsNotMerged()
    {
        WriteRows(40);
        Assert.Contains("does not exist. Name the folder that --output named beside --shard.", Merge(2), StringComparison.Ordinal);
        Assert.Contains("rows.txt' is a file, not a folder.", CliRun.Of("merge", _folder["rows.txt"], "-o", _folder["m.jsonl"]).Error,
            StringComparison.Ordinal);
        Directory.CreateDirectory(Parts);
        Assert.Contains("has no parts", Merge(2), StringComparison.Ordinal);
        foreach (int shard in (int[])[0, 2, 3])
            Shard(shard, 4);
        Assert.Contains("1 part of 4 is missing in '" + Parts + "': part-00001-of-00004. Run shard 1 again.", Merge(1),
            StringComparison.Ordinal);
        Shard(1, 4);
        string part = Path.Combine(Parts, "part-00002-of-00004.jsonl");
        byte[] whole = File.ReadAllBytes(part);

        File.WriteAllBytes(part, whole[..^5]);
        Assert.Contains($"'{part}' has {whole.Length - 5:N0} bytes, but was written with {whole.Length:N0}. "
            + "Make the part again, by --shard 2/4",
            Merge(1), StringComparison.Ordinal);
        Assert.Contains("Say --overwrite to make the part again", Fail(2, "--shard", "2/4"), StringComparison.Ordinal);
        File.WriteAllBytes(part, [.. whole[..^5], .. "xxxx\n"u8]);
        Assert.Contains($"'{part}' was changed after it was written: its hash differs.", Merge(1), StringComparison.Ordinal);
        Assert.Contains($"'{part}' was changed after it was written: its hash differs. Say --overwrite", Fail(2, "--shard", "2/4"),
            StringComparison.Ordinal);
        File.Delete(part);
        Assert.Contains("part-00002-of-00004", Merge(1), StringComparison.Ordinal);
        File.WriteAllBytes(part, whole);
        Assert.Contains("--errors writes lines of JSON, but 'm.csv' has the ending of the format csv.",
            CliRun.Of("merge", Parts, "-o", "m.jsonl", "--errors", "m.csv").Error, StringComparison.Ordinal);
        Assert.Contains("'m.csv' would have the wrong ending", CliRun.Of("merge", Parts, "-o", "m.csv").Error, StringComparison.Ordinal);
        Assert.Contains("is the same file as",
            CliRun.Of("merge", Parts, "-o", Path.Combine(Parts, ".", "part-00000-of-00004.jsonl"), "-f").Error,
            StringComparison.Ordinal);
        string manifest = Path.Combine(Parts, "part-00000-of-00004.manifest.json"), text = File.ReadAllText(manifest);
        File.WriteAllText(manifest, "{}");
        Assert.Contains("is not what rnnlm writes beside a part", Merge(1), StringComparison.Ordinal);
        File.WriteAllText(manifest, text.Replace("\"rnnlm_part\": 1", "\"rnnlm_part\": 2", StringComparison.Ordinal));
        Assert.Contains("is of another version of rnnlm", Merge(1), StringComparison.Ordinal);
        File.Delete(manifest);
        Assert.Contains("Run shard 0 again, with --overwrite, since a part without its manifest is there.", Merge(1),
            StringComparison.Ordinal);
        Assert.Contains("is there without 'part-00000-of-00004.manifest.json'", Fail(2, "--shard", "0/4"), StringComparison.Ordinal);
        File.WriteAllText(manifest, text);
        Assert.Empty(CliRun.Ok("merge", Parts, "-o", _folder["m.jsonl"]).Output);
        Assert.Equal(CliRun.Ok("score", models.Song, _folder["rows.txt"], "--json").Output, File.ReadAllText(_folder["m.jsonl"]));

        string Merge(int code)
        {
            CliRun run = CliRun.Of("merge", Parts, "-o", _folder["m.jsonl"]);
            Assert.Equal(code, run.Code);
            Assert.False(File.Exists(_folder["m.jsonl"]));
            return run.Error;
        }
    }

    /// <summary>The second of two waits until the first is done, and then finds the part there; or makes it, where the first was
    /// killed.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TwoRunsOfOneShareWaitForEachOther(bool isKilled)
    {
        WriteRows(20);
        string part = Path.Combine(Parts, "part-00000-of-00001.jsonl");
        Shard(0, 1);
        byte[] whole = File.ReadAllBytes(part);
        if (isKilled)
            File.Delete(part);
        Task<CliRun> second;
        using (FileLock.Take(part))
        {
            second = Task.Run(() => Shard(0, 1));
            await Task.Delay(500);
            Assert.False(second.IsCompleted);
            Assert.Equal(!isKilled, File.Exists(part));
        }

        CliRun run = await second;
        Assert.Contains("is being written by another run: waiting for its end.", run.Error, StringComparison.Ordinal);
        Assert.Contains(isKilled ? "20 rows of 20 in" : "is there, whole", run.Error, StringComparison.Ordinal);
        Assert.Equal(whole, File.ReadAllBytes(part));
    }

    [Fact]
    public async Task ManyRunsAtOnceGiveEachPartOnce()
    {
        WriteRows(400);
        CliRun[] runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(run => Task.Run(() => Shard(run / 4, 2))));

        Assert.Equal(2, runs.Count(run => run.Error.Contains("200 rows of 400 in", StringComparison.Ordinal)));
        CliRun.Ok("merge", Parts, "-o", _folder["m.jsonl"]);
        Assert.Equal(CliRun.Ok("score", models.Song, _folder["rows.txt"], "--json").Output, File.ReadAllText(_folder["m.jsonl"]));
        Assert.Equal(4, Directory.GetFiles(Parts).Length);
    }

    [Fact]
    public async Task AStoppedRunLeavesNothingThatLooksWhole()
    {
        WriteRows(300_000);
        using var stop = new CancellationTokenSource();
        string[] ask = ["sample", models.Song, _folder["rows.txt"], "--seed", "1", "--length", "50", "-o", Parts, "--shard", "0/2"];
        Task<CliRun> run = Task.Run(() => CliRun.With("", stop.Token, ask));
        while (!run.IsCompleted
            && (!Directory.Exists(Parts) || Directory.GetFiles(Parts, "*.rnnlm.tmp") is not [var tmp] || new FileInfo(tmp).Length == 0))
            await Task.Delay(20);
        await stop.CancelAsync();

        Assert.Equal(130, (await run).Code);
        Assert.Empty(Directory.GetFiles(Parts));
        // What a killed run leaves is taken away by the next.
        File.WriteAllText(Path.Combine(Parts, "part-00000-of-00002.jsonl.0123.rnnlm.tmp"), "half");
        WriteRows(10);
        Shard(0, 2);
        Assert.Equal(["part-00000-of-00002.jsonl", "part-00000-of-00002.manifest.json"],
            Directory.GetFiles(Parts).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void RowsThatAreLeftOutAreJoinedToo()
    {
        File.WriteAllLines(_folder["rows.jsonl"], Enumerable.Range(0, 30).Select(i => i % 7 == 3 ? "{" : $"{{\"text\":\"the {i}\"}}"));
        string[] ask = ["score", models.Song, _folder["rows.jsonl"], "--on-error", "skip", "-o"];
        CliRun.Ok([.. ask, _folder["one.jsonl"], "--errors", _folder["one.errors.jsonl"]]);
        int[] written = [9, 8, 9];
        foreach ((int shard, int rows) in written.Index())
        {
            CliRun run = CliRun.Ok([.. ask, Parts, "--shard", $"{shard}/3"]);
            Assert.Contains($"{rows} rows of 30 in ", run.Error, StringComparison.Ordinal);
            Assert.Contains($"{Counted.Of(10 - rows, "row")} of 10 {(rows == 9 ? "was" : "were")} left out.", run.Error,
                StringComparison.Ordinal);
        }

        CliRun merge = CliRun.Ok("merge", Parts, "-o", _folder["m.jsonl"], "--errors", _folder["m.errors.jsonl"]);
        Assert.Contains("26 results of 3 parts in ", merge.Error, StringComparison.Ordinal);

        Assert.Contains("warning: 4 rows were left out.", merge.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(_folder["one.jsonl"]), File.ReadAllText(_folder["m.jsonl"]));
        Assert.Equal(File.ReadAllText(_folder["one.errors.jsonl"]), File.ReadAllText(_folder["m.errors.jsonl"]));
        Assert.Equal([3, 10, 17, 24], File.ReadLines(_folder["m.errors.jsonl"])
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("row").GetInt32()));
        // What was left out belongs to the parts: it is not written over, and is whole or not at all.
        string errors = Path.Combine(Parts, "part-00000-of-00003.errors.jsonl");
        foreach (string[] over in (string[][])[["-o", errors], ["-o", _folder["n.jsonl"], "--errors", errors]])
        {
            CliRun refused = CliRun.Of(["merge", Parts, .. over, "-f"]);
            Assert.Equal(2, refused.Code);
            Assert.Contains("an input of this command, and is never written over", refused.Error, StringComparison.Ordinal);
        }

        byte[] whole = File.ReadAllBytes(errors);
        File.AppendAllText(errors, "x\n");
        AssertDamaged($"has {whole.Length + 2:N0} bytes, but was written with");
        File.WriteAllBytes(errors, [.. whole[..^2], (byte)'x', (byte)'\n']);
        AssertDamaged("was changed after it was written: its hash differs");
        File.Delete(errors);
        AssertDamaged("is missing");

        CliRun failed = CliRun.Of([.. ask[..3], "-o", _folder["other"], "--shard", "0/3"]);
        Assert.Equal(1, failed.Code);
        Assert.Contains("rows.jsonl:4: this is not JSON", failed.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["other"]));

        void AssertDamaged(string fault)
        {
            CliRun merged = CliRun.Of("merge", Parts, "-o", _folder["n.jsonl"]), again = CliRun.Of([.. ask, Parts, "--shard", "0/3"]);
            Assert.Equal((1, 2), (merged.Code, again.Code));
            Assert.Contains($"'{errors}' {fault}", merged.Error, StringComparison.Ordinal);
            Assert.Contains($"'{errors}' {fault}", again.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(_folder["n.jsonl"]));
        }
    }

    /// <summary>What is printed of rows that are written and missing is what the files have and lack.</summary>
    [Fact]
    public void RowsThatAreMissingAreCounted()
    {
        const int Share = 20, Shards = 3;
        File.WriteAllText(_folder["known.txt"], "a\nm\n");
        string[] ask = ["generate", models.Kinds, "-n", $"{Share * Shards}", "--seed", "5", "--max-tries", "1", "--length", "1", "--not-in",
            _folder["known.txt"], "--format", "csv", "-o"];
        int all = 0;
        for (int shard = 0; shard < Shards; shard++)
        {
            CliRun run = CliRun.Of([.. ask, Parts, "--shard", $"{shard}/{Shards}"]);
            string part = Path.Combine(Parts, $"part-0000{shard}-of-00003.csv");
            int rows = File.ReadLines(part).Count() - 1, missing = Share - rows;
            all += rows;
            Assert.InRange(rows, 2, Share - 2);
            Assert.Equal(1, run.Code);
            Assert.Contains($"{missing} rows are missing, as no text could be kept", run.Error, StringComparison.Ordinal);
            Assert.Contains($"{rows} rows of 60 in {part}.", run.Error, StringComparison.Ordinal);
            Assert.Contains($"rnnlm: no text could be kept for {missing} of {Share} rows.", run.Error, StringComparison.Ordinal);
            // The same share again does nothing, and says what is missing.
            Assert.Contains($"warning: {missing} rows are missing in it: no text could be kept.",
                CliRun.Ok([.. ask, Parts, "--shard", $"{shard}/{Shards}"]).Error, StringComparison.Ordinal);
        }

        CliRun merge = CliRun.Ok("merge", Parts, "-o", _folder["m.csv"]);
        Assert.Contains($"{all} results of 3 parts in {_folder["m.csv"]}.", merge.Error, StringComparison.Ordinal);
        Assert.Contains($"warning: {(Share * Shards) - all} rows are missing: no text could be kept.", merge.Error,
            StringComparison.Ordinal);
        CliRun one = CliRun.Of([.. ask, _folder["one.csv"]]);
        Assert.Equal(1, one.Code);
        Assert.Contains($"{all} rows in {_folder["one.csv"]}, seed 5;", one.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(_folder["one.csv"]), File.ReadAllText(_folder["m.csv"]));
    }

    /// <summary>A share whose model has nothing to say leaves no part that looks whole.</summary>
    [Fact]
    public void AShareThatCanKeepNothingLeavesNoPart()
    {
        CliRun run = CliRun.Of("generate", models.Kinds, "-n", "400", "--seed", "5", "--max-tries", "1", "--validate", "luhn", "-o", Parts,
            "--shard", "1/2");
        Assert.Equal(1, run.Code);
        Assert.Contains("No text can be kept: of the 100 texts written for rows 200 to 299", run.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("No part is written, and the parts of the other shares can't be merged without it: make all of them again",
            run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Parts));
    }

    /// <summary>The parts of one share would be rows of the next.</summary>
    [Theory]
    [InlineData("in")]
    [InlineData("in/parts")]
    public void PartsAreNotPutWhereRowsAreRead(string parts)
    {
        Directory.CreateDirectory(_folder["in"]);
        File.WriteAllText(_folder["in/rows.txt"], "the\ncat\n");
        CliRun run = CliRun.Of("score", models.Song, _folder["in"], "-o", _folder[parts], "--shard", "0/2");
        Assert.Equal(2, run.Code);
        Assert.Contains("of which all files are read: the parts would become rows.", run.Error, StringComparison.Ordinal);
        Assert.Equal(["rows.txt"], Directory.GetFileSystemEntries(_folder["in"]).Select(Path.GetFileName));
    }

    [Fact]
    public void TheEnvironmentNamesTheShare()
    {
        WriteRows(10);
        foreach (string task in (string[])["1", "2"])
        {
            using var status = new Spectre.Console.Testing.TestConsole();
            var context = new CommandContext(TextReader.Null, TextWriter.Null, status, false, false, default)
            {
                Variable = name => name switch { "SLURM_ARRAY_TASK_ID" => task, "SLURM_ARRAY_TASK_MIN" => "1",
                    "SLURM_ARRAY_TASK_COUNT" => "2", _ => null },
            };
            Assert.Equal(0, new CommandLine(context).Run(["score", models.Song, _folder["rows.txt"], "-o", Parts, "--shard", "auto"]));
        }

        CliRun.Ok("merge", Parts, "-o", _folder["m.jsonl"]);
        Assert.Equal(10, File.ReadLines(_folder["m.jsonl"]).Count());
    }

    [Theory]
    [InlineData("--shard reads the rows twice, to count them first, so they must be in files", "score SONG - -o PARTS --shard 0/2")]
    [InlineData("--shard reads the rows twice", "score SONG -t the -o PARTS --shard 0/2")]
    [InlineData("--shard writes a part file: name the folder for it by --output.", "score SONG ROWS --shard 0/2")]
    [InlineData("--shard writes a part file: name the folder for it by --output.", "generate KINDS --seed 1 --shard 0/2")]
    [InlineData("rows.txt' is a file. With --shard, name a folder by --output", "score SONG ROWS -o ROWS --shard 0/2")]
    [InlineData("but is '5/4'", "score SONG ROWS -o PARTS --shard 5/4")]
    [InlineData("--shard needs --seed: without one, each share would draw in its own way.", "sample SONG ROWS -o PARTS --shard 0/2")]
    [InlineData("--shard needs --seed", "generate KINDS -o PARTS --shard 0/2")]
    [InlineData("no share knows the rows of the others, so --unique can't hold for all of them",
        "generate KINDS --seed 1 --unique -o PARTS --shard 0/2")]
    [InlineData("a part is written as a whole, and made again by --overwrite: leave --resume out",
        "generate KINDS --seed 1 -o PARTS --shard 0/2 --resume")]
    [InlineData("with --shard, the rows that are left out are written beside the part: leave --errors out",
        "score SONG ROWS -o PARTS --shard 0/2 --on-error skip --errors x.jsonl")]
    public void WrongUseIsSaid(string fault, string command)
    {
        WriteRows(5);
        CliRun run = CliRun.Of(Words(command));
        Assert.Equal(2, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Parts) && Directory.GetFiles(Parts).Length > 0);
    }

    private CliRun Shard(int index, int count, params string[] more) =>
        CliRun.Ok(["score", models.Song, _folder["rows.txt"], "-o", Parts, "--shard", $"{index}/{count}", .. more]);

    private string Fail(int code, params string[] more)
    {
        CliRun run = CliRun.Of(["score", models.Song, _folder["rows.txt"], "-o", Parts, .. more]);
        Assert.Equal(code, run.Code);
        return run.Error;
    }

    private string[] Words(string command) => [.. command.Split(' ').Select(word => word switch
    {
        "SONG" => models.Song,
        "KINDS" => models.Kinds,
        "CLASSIFIER" => models.Classifier,
        "ROWS" => _folder["rows.txt"],
        "TABLE" => _folder["rows.csv"],
        "KEYS" => _folder["rows.jsonl"],
        "PARTS" => Parts,
        _ => word,
    })];

    private void WriteRows(int count)
    {
        string[] words = ["the cat", "", "a dog", "sat ü", "on the log"];
        string[] texts = [.. Enumerable.Range(0, count).Select(i => $"{words[i % 5]}{(i % 3 == 0 ? "" : " on")}")];
        File.WriteAllLines(_folder["rows.txt"], texts);
        File.WriteAllLines(_folder["rows.csv"], ["id,text,note", .. texts.Select((text, i) => $"{i},{text},\"a\nb\"")]);
        File.WriteAllLines(_folder["rows.jsonl"], texts.Select((text, i) => $"{{\"key\":\"row {i}\",\"prompt\":\"{text}\"}}"));
    }
}
