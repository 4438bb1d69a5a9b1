using System.Text;
using System.Text.Json;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Terminal;
using RnnLm.Tests;
using Spectre.Console.Testing;

namespace RnnLm.Cli.Tests.Rows;

/// <summary>The one form of rows: what comes in, what goes out, and what is said where it is not as it should be.</summary>
public sealed class RowFormTests(ReportModels models) : IClassFixture<ReportModels>, IDisposable
{
    private const string Figures = "log_probability,characters,unknown_characters,bits_per_character,perplexity";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The same rows in every form give the same figures, and come back as they were.</summary>
    [Fact]
    public void EveryFormIsReadAndWrittenWithItsColumns()
    {
        File.WriteAllText(_folder["t.csv"], "id,text,note\n7,the cat,\"a, b\"\n8,\"the \"\"dog\"\"\n\",\n");
        File.WriteAllText(_folder["t.tsv"], "id\ttext\tnote\n7\tthe cat\ta, b\n8\t\"the \"\"dog\"\"\n\"\t\n");
        File.WriteAllText(_folder["t.jsonl"], "{\"id\":\"7\",\"text\":\"the cat\",\"note\":\"a, b\"}\r\n\n"
            + "{\"id\":\"8\",\"text\":\"the \\\"dog\\\"\\n\",\"note\":\"\"}");

        string csv = Score("t.csv").Output;
        string[] lines = csv.Split('\n');
        Assert.Equal($"id,text,note,{Figures}", lines[0]);
        Assert.StartsWith("7,the cat,\"a, b\",-", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("8,\"the \"\"dog\"\"", lines[2], StringComparison.Ordinal);
        string json = Score("t.jsonl").Output;
        Assert.StartsWith("{\"id\":\"7\",\"text\":\"the cat\",\"note\":\"a, b\",\"log_probability\":-", json, StringComparison.Ordinal);

        foreach (string from in (string[])["t.csv", "t.tsv", "t.jsonl"])
        {
            foreach ((string ending, string expected) in ((string, string)[])[("csv", csv), ("jsonl", json)])
            {
                Score(from, "-o", _folder[$"{from}.{ending}"]);
                Assert.Equal(expected, File.ReadAllText(_folder[$"{from}.{ending}"]));
                // What was written can be read, and what it already has is written anew.
                Assert.Equal(expected, CliRun.Ok("score", models.Song, _folder[$"{from}.{ending}"]).Output);
            }
        }

        string tsv = Score("t.tsv").Output;
        Assert.StartsWith("id\ttext\tnote\tlog_probability", tsv, StringComparison.Ordinal);
        Assert.Equal(csv.Split('\n')[0].Split(',').Length, tsv.Split('\n')[0].Split('\t').Length);
    }

    /// <summary>What was read with quotes as characters is read again with the same option, and is the same.</summary>
    [Fact]
    public void ATableWithoutQuotesIsWrittenWithout()
    {
        File.WriteAllText(_folder["t.tsv"], "text\tnote\n\"the cat\"\ta \"b\n the \t\"\n");
        string written = Score("t.tsv", "--no-quotes").Output;
        Assert.Equal(["\"the cat\"\ta \"b", " the \t\""],
            written.Split('\n')[1..^1].Select(line => string.Join('\t', line.Split('\t')[..2])));
        Assert.Equal(written, CliRun.With(written, default, "score", models.Song, "-", "--input-format", "tsv", "--no-quotes").Output);
        CliRun lists = CliRun.Ok("score", models.Song, _folder["t.tsv"], "--no-quotes", "--per-character");
        Assert.Contains("\t[1,2,", lists.Output, StringComparison.Ordinal);

        // Where a field has the separator within, a table of commas needs its quotes.
        Assert.Contains("\"\"\"the cat\"\"\",\"a \"\"b\"", Score("t.tsv", "--no-quotes", "--output-format", "csv").Output,
            StringComparison.Ordinal);
        // What is written anew can have what no table without quotes can hold.
        File.WriteAllText(_folder["s.tsv"], "text\tnote\nthe\tx\n");
        CliRun run = CliRun.Of("sample", models.Song, _folder["s.tsv"], "--no-quotes", "--pattern", "\n", "--max-length", "1");
        Assert.Equal(1, run.Code);
        Assert.Contains("s.tsv:2: its \"continuation\" has a separator or a line end, which a table without quotes can't hold.", run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void RowsComeByTheStandardInputAndFromFoldersInOrder()
    {
        string[] texts = [.. Enumerable.Range(0, 900).Select(i => $"the cat sat {i}")];
        Directory.CreateDirectory(_folder["rows"]);
        File.WriteAllLines(Path.Combine(_folder["rows"], "a.txt"), texts[..500]);
        File.WriteAllText(Path.Combine(_folder["rows"], "b.csv"), "text\n" + string.Join('\n', texts[500..700]));
        File.WriteAllLines(Path.Combine(_folder["rows"], "c.jsonl"), texts[700..].Select(text => $"{{\"text\":\"{text}\"}}"));
        string expected = CliRun.With(string.Join('\n', texts), default, "score", models.Song, "--json").Output;

        Assert.Equal(texts, CliRun.With(expected, default, "score", models.Song, "-", "--jsonl").Lines.Select(Text));
        Assert.Equal(expected, CliRun.Ok("score", models.Song, _folder["rows"], "--json").Output);
        Assert.Equal(expected, CliRun.With(string.Join('\n', texts[700..]), default, "score", models.Song,
            Path.Combine(_folder["rows"], "a.txt"), Path.Combine(_folder["rows"], "b.csv"), "-", "--json").Output);
    }

    /// <summary>A row that has an empty condition, or none, has that of the command, else none, in every form; what was written of a table
    /// is read again.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("odd")]
    public void AnEmptyConditionIsNone(string condition)
    {
        string model = _folder["kinds.zip"];
        using (RnnLanguageModel made = RnnLanguageModel.Train(
            Enumerable.Range(0, 60).Select(i => TextRow.Row($"the {(i % 2 == 0 ? "cat" : "dog")}", i % 2 == 0 ? "even" : "odd")),
            new() { Model = { HiddenSize = 6 }, Data = { Mode = DataMode.Rows }, Training = { Epochs = 0, MaxSteps = 9, Seed = 1 } }))
        {
            made.Calibrate(Enumerable.Range(0, 200).Select(i => TextRow.Row($"the {i % 7}"))).Save(model);
        }

        File.WriteAllText(_folder["t.csv"], "text,condition\nthe cat,\nthe dog,even\n");
        File.WriteAllText(_folder["t.txt"], "\tthe cat\neven\tthe dog\n");
        File.WriteAllText(_folder["null.jsonl"],
            "{\"text\":\"the cat\",\"condition\":null}\n{\"text\":\"the dog\",\"condition\":\"even\"}\n");
        string[] own = condition.Length > 0 ? ["--condition", condition] : [];
        foreach (string command in (string[])["score", "embed", "check", "suggest", "sample"])
        {
            string[] more = command == "sample" ? [.. own, "--seed", "1", "--max-length", "9"] : own;
            string written = CliRun.Ok([command, model, _folder["t.csv"], "--output-format", "jsonl", .. more]).Output;
            Assert.Contains("\"condition\":\"\"", written, StringComparison.Ordinal);
            Assert.Equal(written, CliRun.With(written, default, [command, model, "-", "--jsonl", .. more]).Output);
            Assert.Equal(written.Replace("\"condition\":\"\"", "\"condition\":null", StringComparison.Ordinal),
                CliRun.Ok([command, model, _folder["null.jsonl"], .. more]).Output);
        }

        static double First(CliRun run) => JsonDocument.Parse(run.Lines[0]).RootElement.GetProperty("log_probability").GetDouble();
        Assert.Equal(First(CliRun.Ok(["score", model, _folder["t.txt"], "--conditions", "--json", .. own])),
            First(CliRun.Ok("score", model, "--text", "the cat", "--condition", condition, "--json")));
    }

    /// <summary>A file is replaced when it is whole, and only where that is asked for.</summary>
    [Fact]
    public void AFileThatIsThereIsNotReplacedUnasked()
    {
        File.WriteAllText(_folder["t.txt"], "the cat\n");
        File.WriteAllText(_folder["o.jsonl"], "mine");
        CliRun run = CliRun.Of("score", models.Song, _folder["t.txt"], "-o", _folder["o.jsonl"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("o.jsonl' exists. Say --force", run.Error, StringComparison.Ordinal);

        File.WriteAllText(_folder["bad.jsonl"], "{\"text\":\"the\"}\n{\n");
        run = CliRun.Of("score", models.Song, _folder["bad.jsonl"], "-o", _folder["o.jsonl"], "-f");
        Assert.Equal(1, run.Code);
        Assert.Equal("mine", File.ReadAllText(_folder["o.jsonl"]));
        Score("t.txt", "-o", _folder["o.jsonl"], "-f");
        Assert.StartsWith("{\"text\":\"the cat\",", File.ReadAllText(_folder["o.jsonl"]), StringComparison.Ordinal);
        Assert.Equal(["bad.jsonl", "o.jsonl", "t.txt"], _folder.Names);
    }

    public static TheoryData<string, string, string> BadRows => new()
    {
        { "x.jsonl", "{\"text\":\"the\"}\n{\"word\":\"cat\"}\n{\"text\":\"dog\"}\n", "x.jsonl:2: it has no \"text\". Each line should be" },
        { "x.jsonl", "{\"text\":\"the\"}\n{\"text\":null}\n{\"text\":\"dog\"}\n",
            "x.jsonl:2: its \"text\" is null, not a string. Each line should be" },
        { "x.jsonl", "{\"text\":\"the\"}\n[1]\n{\"text\":\"dog\"}\n", "x.jsonl:2: this is not an object." },
        { "x.jsonl", "{\"text\":\"the\"}\n{\"text\":7}\n{\"text\":\"dog\"}\n", "x.jsonl:2: its \"text\" is a number, not a string." },
        { "x.jsonl", "{\"text\":\"the\"}\n{\"text\":\"c\n{\"text\":\"dog\"}\n", "x.jsonl:2: this is not JSON: " },
        { "x.jsonl", "{\"text\":\"the\"}\n{\"text\":\"b\u00e4d\"}\n{\"text\":\"dog\"}\n", "x.jsonl:2: this is not UTF-8: a byte 0xE4 is" },
        { "x.jsonl", "{\"text\":\"the\"}\n{\"text\":\"cat\",\"condition\":\"x\"}\n{\"text\":\"dog\"}\n",
            "x.jsonl:2: the model has no conditions" },
        { "x.jsonl", "{\"text\":\"the\"}\n{\"text\":\"a\",\"text\":\"b\"}\n{\"text\":\"dog\"}\n", "x.jsonl:2: it has \"text\" twice." },
        { "x.jsonl", "{\"text\":\"the\"}\n{\"text\":\"a\",\"x\":{\"y\":1,\"y\":2}}\n{\"text\":\"dog\"}\n",
            "x.jsonl:2: an object within it has two members of one name." },
        { "x.jsonl", "{\"text\":\"the\"}\n{\"text\":\"a\",\"\\ud800\":1}\n{\"text\":\"dog\"}\n",
            "x.jsonl:2: this is not JSON: at character 13, near 'text\":\"a\",\"\\ud800\":1': an escape \\u in this string is half of" },
        { "x.jsonl", "{\"text\":\"the\"}\n{\"text\":\"a\\udc00\"}\n{\"text\":\"dog\"}\n",
            "x.jsonl:2: this is not JSON: at character 9, near '{\"text\":\"a\\udc00\"}': an escape \\u in this string is half of" },
        { "x.jsonl", "{\"text\":\"the\"}\n{\"text\":\"a\",}\n{\"text\":\"dog\"}\n",
            "x.jsonl:2: this is not JSON: at character 13, near 'text\":\"a\",}': JSON has names" },
        { "x.jsonl", "{\"text\":\"the\"}\n// one\n{\"text\":\"dog\"}\n",
            "x.jsonl:2: this is not JSON: at character 1, near '// one': JSON has names" },
        { "x.jsonl", "{\"text\":\"the\"}\n{\"text\":\"C:\\dir\"}\n{\"text\":\"dog\"}\n",
            "x.jsonl:2: this is not JSON: at character 13, near 'text\":\"C:\\dir\"}': JSON has names and strings in double quotes" },
        { "x.jsonl", "{\"text\":\"the\"}\n{\"text\":\"a\",\"n\":NaN}\n{\"text\":\"dog\"}\n",
            "x.jsonl:2: this is not JSON: at character 17, near '\":\"a\",\"n\":NaN}': JSON has names" },
        { "x.jsonl", $"{{\"text\":\"the\"}}\n{{\"text\":\"a\",\"n\":{new string('[', 64)}{new string(']', 64)}}}\n{{\"text\":\"dog\"}}\n",
            "x.jsonl:2: this is not JSON: at character 80, near '[[[[[[[[[[[]]]]]]]]]': lists and objects are more than 64 levels" },
        { "x.csv", "id,text\n1,the\n2,cat,3\n3,dog\n", "x.csv:3: there are 3 fields, but the table has 2 columns: id, text" },
        { "x.csv", "id,text\n1,the\n2,\"c\u00e4\nt\"\n3,dog\n", "x.csv:3: this is not UTF-8: a byte 0xE4" },
        { "x.txt", "the\nc\u00e4t\ndog\n", "x.txt:2: this is not UTF-8: a byte 0xE4 is out of place. Where an old program wrote it, say "
            + "--encoding latin1" },
        { "x.txt", $"the\n{new string('x', (1 << 24) + 1)}\ndog\n", "x.txt:2: this line has more than 16,777,216 characters" },
    };

    /// <summary>A bad row is an error with its place, after the rows before it; or it is left out, counted and kept.</summary>
    [Theory]
    [MemberData(nameof(BadRows))]
    public void ABadRowIsNamedOrLeftOut(string name, string text, string fault)
    {
        File.WriteAllText(_folder[name], text, Encoding.Latin1);
        string[] ask = ["score", models.Song, _folder[name], "--json"];

        CliRun run = CliRun.Of(ask);
        Assert.Equal(1, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.Equal(["the"], run.Lines.Select(Text));

        run = CliRun.Ok([.. ask, "--on-error", "skip"]);
        Assert.Equal(["the", "dog"], run.Lines.Select(Text));
        Assert.Contains($"warning: {_folder[fault.Split(':')[0]]}", run.Error, StringComparison.Ordinal);
        Assert.Contains("warning: 1 row of 3 was left out.", run.Error, StringComparison.Ordinal);

        CliRun.Ok([.. ask, "--on-error", "skip", "--errors", _folder["errors.jsonl"]]);
        JsonElement error = JsonDocument.Parse(File.ReadAllLines(_folder["errors.jsonl"]).Single()).RootElement;
        Assert.Equal(1, error.GetProperty("row").GetInt64());
        Assert.Contains(fault, error.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Files that were joined have a byte order mark within.</summary>
    [Fact]
    public void AByteOrderMarkWithinAFileIsNamed()
    {
        File.WriteAllText(_folder["x.jsonl"], "\uFEFF{\"text\":\"the\"}\n\uFEFF{\"text\":\"cat\"}\n");
        CliRun run = CliRun.Of("score", models.Song, _folder["x.jsonl"]);
        Assert.Equal(["the"], run.Lines.Select(Text));
        Assert.Contains("x.jsonl:2: this is not JSON: at character 1, near '\uFEFF{\"text\":\"': a byte order mark may stand at the start "
            + "of a file "
            + "alone.", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Rows that can't be read are found before those that the model refuses.</summary>
    [Fact]
    public void WhatIsLeftOutIsInTheOrderOfTheRows()
    {
        File.WriteAllText(_folder["t.txt"], "the cat sat on the mat\n");
        CliRun.Ok("train", _folder["t.txt"], "-o", _folder["m.zip"], "--unknown-characters", "throw", "--steps", "2", "--hidden-size", "4",
            "--sequence-length", "8", "--validation-fraction", "0");
        File.WriteAllLines(_folder["rows.jsonl"], Enumerable.Range(0, 1000).Select(i =>
            i % 25 == 3 ? """{"text":"the Ω"}""" : i % 25 == 7 ? """{"word":"cat"}""" : """{"text":"the cat"}"""));
        string[] ask = ["score", _folder["m.zip"], _folder["rows.jsonl"], "--on-error", "skip", "-o"];

        CliRun.Ok([.. ask, _folder["one.jsonl"], "--errors", _folder["one.errors.jsonl"]]);
        for (int shard = 0; shard < 3; shard++)
            CliRun.Ok([.. ask, _folder["parts"], "--shard", $"{shard}/3"]);
        CliRun.Ok("merge", _folder["parts"], "-o", _folder["all.jsonl"], "--errors", _folder["all.errors.jsonl"]);

        Assert.Equal(Enumerable.Range(0, 1000).Where(i => i % 25 is 3 or 7), File.ReadLines(_folder["one.errors.jsonl"])
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("row").GetInt32()));
        Assert.Equal(File.ReadAllText(_folder["one.errors.jsonl"]), File.ReadAllText(_folder["all.errors.jsonl"]));
        Assert.Equal(File.ReadAllText(_folder["one.jsonl"]), File.ReadAllText(_folder["all.jsonl"]));
    }

    /// <summary>A text of the command line goes by its number from 0, as rows do in the file of errors.</summary>
    [Fact]
    public void ATextOfTheCommandLineIsNamedByItsNumber()
    {
        File.WriteAllText(_folder["t.txt"], string.Concat(Enumerable.Repeat("1+1\t2\n2+2\t4\n", 20)));
        string[] small = ["--steps", "2", "--hidden-size", "4", "--threads", "1", "--seed", "1"];
        CliRun.Ok(["train", _folder["t.txt"], "-o", _folder["pairs.zip"], "--mode", "pairs", .. small]);
        CliRun.Ok(["train", _folder["t.txt"], "-o", _folder["lines.zip"], "--unknown-characters", "throw", .. small]);

        CliRun run = CliRun.Of("score", _folder["pairs.zip"], "-t", "1+1", "-t", "2+2");
        Assert.Equal(1, run.Code);
        Assert.StartsWith("rnnlm: row 0 ('1+1'): there is no target text", run.Error, StringComparison.Ordinal);

        string[] ask = ["score", _folder["lines.zip"], "-t", "1+2", "-t", "x"];
        run = CliRun.Of(ask);
        Assert.Equal(1, run.Code);
        Assert.StartsWith("rnnlm: row 1 ('x'): character 'x'", run.Error, StringComparison.Ordinal);
        CliRun.Ok([.. ask, "--on-error", "skip", "--errors", _folder["e.jsonl"]]);
        JsonElement error = JsonDocument.Parse(File.ReadAllLines(_folder["e.jsonl"]).Single()).RootElement;
        Assert.Equal(1, error.GetProperty("row").GetInt64());
        Assert.StartsWith("row 1 ('x'): ", error.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    /// <summary>A link that leads nowhere can't be read, which is no fault of the file that is written.</summary>
    [Theory]
    [InlineData("score SONG in -o out.jsonl")]
    [InlineData("score SONG in -o parts --shard 0/2")]
    [InlineData("score SONG in/gone.txt -o out.jsonl")]
    [InlineData("generate KINDS --not-in in -o out.txt")]
    [InlineData("train in -o out.zip")]
    [InlineData("evaluate SONG in/gone.txt")]
    [InlineData("inspect in/gone.txt")]
    public void ALinkThatLeadsNowhereIsNamed(string command)
    {
        Directory.CreateDirectory(_folder["in"]);
        File.WriteAllText(_folder["in/a.txt"], "the\n");
        File.CreateSymbolicLink(_folder["in/gone.txt"], "nowhere.txt");

        CliRun run = CliRun.Of([.. command.Split(' ').Select(word => word switch
        {
            "SONG" => models.Song,
            "KINDS" => models.Kinds,
            "in" or "in/gone.txt" or "parts" => _folder[word],
            _ when word.StartsWith("out.", StringComparison.Ordinal) => _folder[word],
            _ => word,
        })]);

        Assert.Equal(2, run.Code);
        Assert.Contains($"'{_folder["in/gone.txt"]}' ", run.Error, StringComparison.Ordinal);
        Assert.Contains("is a link to 'nowhere.txt', which does not exist.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("can't be written", run.Error, StringComparison.Ordinal);
        Assert.Equal(["in"], _folder.Names);
    }

    /// <summary>A member that is null is named by its own name, which need not be the command's.</summary>
    [Fact]
    public void AMemberThatIsNullIsNamed() =>
        Assert.Contains("standard input:1: its \"text\" is null, not a string. Each line should be an object such as {\"key\": 17, "
            + "\"prompt\":", CliRun.With("{\"text\":null}", default, "sample", models.Song, "--jsonl").Error, StringComparison.Ordinal);

    /// <summary>Where the results of the rows before a fatal fault stay, so does what was left out of them.</summary>
    [Fact]
    public void WhatWasLeftOutBeforeTheEndStaysWithTheResults()
    {
        File.WriteAllText(_folder["t.csv"], "x,y\n1,2,3\n4,5\n6\n7,\"8\n9,10\n");
        string[] ask = ["score", models.Song, _folder["t.csv"], "--text-column", "x", "--on-error", "skip", "--errors", _folder["e.jsonl"]];

        CliRun run = CliRun.Of(ask);
        Assert.Equal((1, 2), (run.Code, run.Lines.Count));
        Assert.Contains("t.csv:5: a double quote opens a field here", run.Error, StringComparison.Ordinal);
        Assert.Equal([0, 2], File.ReadLines(_folder["e.jsonl"])
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("row").GetInt32()));

        // A file of results is whole or not there, and so is that of the errors.
        File.WriteAllText(_folder["e.jsonl"], "mine");
        Assert.Equal(1, CliRun.Of([.. ask, "-o", _folder["o.csv"], "-f"]).Code);
        Assert.Equal("mine", File.ReadAllText(_folder["e.jsonl"]));
        Assert.Equal(["e.jsonl", "t.csv"], _folder.Names);
    }

    /// <summary>A warning that goes into a file is one line, however long it is.</summary>
    [Fact]
    public void AWarningIsOneLineWhereNoTerminalBreaksIt()
    {
        string name = new('n', 200);
        File.WriteAllText(_folder[$"{name}.txt"], "anna\n");
        string[] lines = CliRun.Ok("evaluate", models.Kinds, _folder[$"{name}.txt"]).Error.Split('\n');
        Assert.Contains(lines, line => line.Contains(name, StringComparison.Ordinal)
            && line.EndsWith("of a table, name the column by --condition-column.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("score")]
    [InlineData("embed")]
    [InlineData("check")]
    [InlineData("suggest")]
    [InlineData("sample")]
    [InlineData("evaluate")]
    [InlineData("report")]
    [InlineData("generate")]
    public void AWrongNumberOfThreadsIsRefused(string command)
    {
        File.WriteAllText(_folder["t.txt"], "the cat\n");
        string[] files = command is "generate" or "report" ? [] : [_folder["t.txt"]];
        CliRun run = CliRun.Of([command, models.Song, .. files, "--threads", "-7"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("--threads must be from 0 to 1024, but is -7.", run.Error, StringComparison.Ordinal);
    }

    /// <summary>A row whose text the model refuses is told from those that are answered with it.</summary>
    [Fact]
    public void ARowThatTheModelRefusesIsOneRow()
    {
        File.WriteAllLines(_folder["t.txt"], Enumerable.Repeat("anna hanna\n", 20));
        CliRun.Ok("train", _folder["t.txt"], "-o", _folder["m.zip"], "--unknown-characters", "throw", "--steps", "2", "--hidden-size", "4",
            "--threads",
            "1", "--seed", "1");
        string[] texts = [.. Enumerable.Range(0, 300).Select(i => i is 100 or 250 ? "z" : "anna")];
        File.WriteAllLines(_folder["rows.txt"], texts);

        CliRun run = CliRun.Ok("score", _folder["m.zip"], _folder["rows.txt"], "--json", "--on-error", "skip", "--errors",
            _folder["e.jsonl"]);
        Assert.Equal(298, run.Lines.Count);
        Assert.Equal([100, 250], File.ReadLines(_folder["e.jsonl"])
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("row").GetInt32()));
        run = CliRun.Of("score", _folder["m.zip"], _folder["rows.txt"], "--json");
        Assert.Equal((1, 100), (run.Code, run.Lines.Count));
        Assert.Contains("rows.txt:101: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ATableTakesItsColumnsFromTheFirstRow()
    {
        File.WriteAllText(_folder["t.jsonl"],
            "{\"text\":\"the\",\"a\":[1, {\"b\":\"x\"}]}\n{\"a\":true,\"text\":\"cat\"}\n{\"text\":\"x\",\"c\":1}\n");

        CliRun run = CliRun.Of("score", models.Song, _folder["t.jsonl"], "--output-format", "csv");

        Assert.Equal($"text,a,{Figures}", run.Lines[0]);
        Assert.StartsWith("the,\"[1,{\"\"b\"\":\"\"x\"\"}]\",-", run.Lines[1], StringComparison.Ordinal);
        Assert.StartsWith("cat,true,-", run.Lines[2], StringComparison.Ordinal);
        Assert.Equal((1, 3), (run.Code, run.Lines.Count));
        Assert.Contains("t.jsonl:3: it has \"c\", which the first row does not have, so the table has no such column.", run.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("latin1")]
    public void OtherEncodingsAreRead(string encoding)
    {
        File.WriteAllText(_folder["t.csv"], "text\ncät\n", Encoding.GetEncoding(encoding));
        string[] ask = ["score", models.Song, _folder["t.csv"], "--json"];
        CliRun run = encoding == "utf-16" ? CliRun.Ok(ask) : CliRun.Ok([.. ask, "--encoding", encoding]);
        Assert.Equal(["cät"], run.Lines.Select(Text));
    }

    /// <summary>Where someone types, each line is answered before the next is asked for.</summary>
    [Fact]
    public void OnATerminalEachRowIsAnsweredAtOnce()
    {
        var output = new StringWriter();
        var answered = new List<int>();
        string[] lines = ["a\n", "the\n", "the cat\n"];
        using var status = new TestConsole();
        var context = new CommandContext(TextReader.Null, output, status, true, true, default)
        {
            OpenInput = () => new Pieces(lines, _ => answered.Add(output.ToString().Count(c => c == '\n'))),
        };

        Assert.Equal(0, new CommandLine(context).Run(["score", models.Song, "-"]));
        Assert.Equal([0, 1, 2, 3], answered);
        using var other = new TestConsole();
        Assert.Equal(2, new CommandLine(new CommandContext(TextReader.Null, output, other, true, true, default)).Run(["score",
            models.Song]));
        Assert.Contains("INPUT is missing: name a file or folder of rows, - for the standard input, or a text by --text.",
            other.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    /// <summary>How many rows are done, and how fast, is shown while it goes on, where results go elsewhere than to the terminal.</summary>
    [Fact]
    public void ProgressIsShownOnATerminal()
    {
        using TestConsole status = new TestConsole().Width(100).EmitAnsiSequences();
        status.Profile.Capabilities.Ansi = true;
        string[] blocks = [string.Concat(Enumerable.Repeat("the cat\n", 64)), string.Concat(Enumerable.Repeat("the cat\n", 100))];
        var context = new CommandContext(TextReader.Null, TextWriter.Null, status, false, false, default)
        {
            // It is drawn a few times in a second.
            OpenInput = () => new Pieces(blocks, piece => Thread.Sleep(piece == 0 ? 0 : 300)),
        };

        Assert.Equal(0, new CommandLine(context).Run(["score", models.Song, "-", "-o", _folder["o.jsonl"], "--threads", "1"]));
        Assert.Matches("[0-9]+ rows  [0-9.]+k? rows/s", status.Output);
    }

    /// <summary>The time that is left goes by how much of the files is read.</summary>
    [Fact]
    public void TheShareThatIsReadGrowsToTheWhole()
    {
        File.WriteAllLines(_folder["a.txt"], Enumerable.Repeat("the cat", 100_000));
        File.WriteAllLines(_folder["b.txt"], Enumerable.Repeat("the cat", 100_000));
        var options = new RowOptions();
        using var status = new TestConsole();
        var context = new CommandContext(TextReader.Null, TextWriter.Null, status, false, false, default);
        var source = new RowSource(RowSource.Find([_folder["a.txt"], _folder["b.txt"]], options, context), [], options,
            new RowNames(["text"], null));
        double[] shares = [.. source.Read().Where(row => row.Number % 50_000 == 0).Select(_ => source.ShareRead!.Value)];

        Assert.Equal(shares.Order(), shares);
        Assert.All(shares.Zip((double[])[0, 0.25, 0.5, 0.75]), pair => Assert.InRange(pair.First, pair.Second, pair.Second + 0.1));
        Assert.Equal(1, source.ShareRead);
    }

    [Theory]
    [InlineData("--output and --errors name one file, 'x.jsonl'. Name two.", "-", "-o", "x.jsonl", "--on-error", "skip", "--errors",
        "./x.jsonl")]
    [InlineData("'nowhere.txt' does not exist. Give a file or a folder of rows, - for the standard input, or a text by --text.",
        "nowhere.txt")]
    [InlineData("give texts by --text, or files, not both.", "-", "-t", "the")]
    [InlineData("the standard input can be read only once, but INPUT names it twice.", "-", "-")]
    [InlineData("'standard input' is read as text, which has no columns such as 'x'. Say --input-format csv, tsv or jsonl.",
        "--text-column",
        "x")]
    [InlineData("--errors is for --on-error skip. Say that too.", "--errors", "x.jsonl")]
    [InlineData("--no-header is for tables, and none is read", "--no-header")]
    [InlineData("--json and --output-format contradict each other", "--json", "--output-format", "csv")]
    [InlineData("--jsonl and --input-format contradict each other", "--jsonl", "--input-format", "csv")]
    [InlineData("--conditions is for lines of text, but 'standard input' is read as lines of JSON. Leave --conditions out", "--conditions",
        "--jsonl")]
    [InlineData("--batch-size must be from 1 to 4096, but is 0.", "--batch-size", "0")]
    [InlineData("--overwrite is for the parts of --shard.", "--overwrite")]
    public void WrongUseIsSaid(string fault, params string[] arguments)
    {
        CliRun run = CliRun.Of(["score", models.Song, .. arguments]);
        Assert.Equal(2, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ATableNeedsItsColumn()
    {
        File.WriteAllText(_folder["t.csv"], "id,word\n1,the\n");
        Assert.Contains("t.csv' has the columns id, word. Name the one with the text by --text-column.", Fail(), StringComparison.Ordinal);
        Assert.Contains("t.csv' has no column 'wrod'. Did you mean 'word'?", Fail("--text-column", "wrod"), StringComparison.Ordinal);
        File.WriteAllText(_folder["t.csv"], "");
        Assert.Contains("t.csv: this is empty. A table has a line with the names of its columns", Fail(), StringComparison.Ordinal);
        File.WriteAllText(_folder["t.csv"], "a;text\n1;the cat\n");
        Assert.StartsWith("a,text,log", Score("t.csv", "--separator", ";").Output, StringComparison.Ordinal);
        File.WriteAllText(_folder["t.csv"], "1,the cat\n");
        Assert.StartsWith("0,1,log_probability", Score("t.csv", "--no-header", "--text-column", "1").Output, StringComparison.Ordinal);

        string Fail(params string[] more) => CliRun.Of(["score", models.Song, _folder["t.csv"], .. more]).Error;
    }

    /// <summary>A column comes out by its name, so no two may have one.</summary>
    [Theory]
    [InlineData("id,text,text,perplexity,perplexity", "2 columns named 'text', numbers 1 and 2 from 0. Give each column its own name")]
    [InlineData("text,id,id", "2 columns named 'id', numbers 1 and 2 from 0.")]
    [InlineData(",text,", "2 columns without a name, numbers 0 and 2 from 0.")]
    public void ColumnsOfOneNameAreRefused(string header, string fault)
    {
        string values = string.Join(',', header.Split(',').Select((_, i) => $"value {i}"));
        File.WriteAllText(_folder["t.csv"], $"{header}\n{values}\n");
        CliRun run = CliRun.Of("score", models.Song, _folder["t.csv"], "--json");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);

        File.WriteAllText(_folder["t.csv"], $"{values}\n");
        Assert.All(values.Split(','), value => Assert.Contains(value,
            Score("t.csv", "--no-header", "--text-column", "1").Output, StringComparison.Ordinal));
        File.WriteAllText(_folder["t.csv"], ",text\nvalue 0,the\n");
        Assert.StartsWith($",text,{Figures}\nvalue 0,the,", Score("t.csv").Output, StringComparison.Ordinal);
    }

    /// <summary>Lines for people stay lines, whatever the texts hold.</summary>
    [Theory]
    [InlineData("score")]
    [InlineData("classify")]
    [InlineData("suggest")]
    public void ALineOfTextHasNoLineEndsOfTheRow(string command)
    {
        File.WriteAllText(_folder["t.csv"], "text\n\"the\tc\na\"\nthe\n");
        CliRun run = CliRun.Ok([command, command == "classify" ? models.Classifier : models.Song, _folder["t.csv"], "--output-format",
            "text", .. command == "suggest" ? ["-n", "1"] : (string[])[]]);
        Assert.All(run.Lines, line => Assert.Contains("the", line, StringComparison.Ordinal));
        Assert.Contains("the\\tc\\na", run.Output, StringComparison.Ordinal);
    }

    /// <summary>No rows are no fault: the file is there, with its header.</summary>
    [Fact]
    public void NoRowsGiveNoResults()
    {
        File.WriteAllText(_folder["t.csv"], "id,text\n");
        Assert.Equal($"id,text,{Figures}\n", Score("t.csv").Output);
        File.WriteAllText(_folder["t.jsonl"], "\n\n");
        Assert.Empty(Score("t.jsonl").Output);
        Score("t.jsonl", "-o", _folder["o.csv"]);
        Assert.Equal($"text,{Figures}\n", File.ReadAllText(_folder["o.csv"]));
    }

    private static string? Text(string line) => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString();

    private CliRun Score(string file, params string[] more) => CliRun.Ok(["score", models.Song, _folder[file], .. more]);

    /// <summary>A stream that gives a piece at each read, as a pipe or a terminal does.</summary>
    private sealed class Pieces(string[] pieces, Action<int> asked) : MemoryStream
    {
        private int _next;

        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            asked(_next);
            return _next == pieces.Length ? 0 : Encoding.UTF8.GetBytes(pieces[_next++], buffer);
        }
    }
}
