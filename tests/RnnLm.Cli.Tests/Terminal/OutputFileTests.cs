using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Terminal;

/// <summary>No command writes over a file that it reads, whatever it is told; nor, unasked, over any other file.</summary>
public sealed class OutputFileTests : IDisposable
{
    private static readonly string[] Small =
        ["--steps", "2", "--hidden-size", "4", "--batch-size", "4", "--seed", "1", "--engine", "managed", "--threads", "1"];

    // An input that is not to be written over, and a command in which OUT stands for a path that leads to it.
    private static readonly (string Input, string Command)[] Commands =
    [
        ("song.txt", "train song.txt -o OUT -f"),
        ("verse.txt", "train song.txt --validation verse.txt -o OUT -f"),
        ("verse.txt", "train song.txt verse.txt -o OUT -f"),
        ("verse.txt", "train . -o OUT -f"),
        ("verse.zip", "train song.txt --previous verse.zip -o OUT -f"),
        ("run.rnnlm.json", "train run.rnnlm.json -o OUT -f"),
        ("song.txt", "train run.rnnlm.json -o OUT -f"),
        ("song.txt", "train song.txt -o new.zip --checkpoint OUT -f"),
        ("song.txt", "train song.txt -o new.zip --checkpoint OUT --resume"),
        ("verse.zip", "train song.txt -o new.zip --previous verse.zip --checkpoint OUT -f"),
        ("verse.zip", "report verse.zip -o OUT -f"),
        ("song.txt", "report verse.zip --text song.txt -o OUT -f"),
        ("verse.zip", "generate verse.zip -o OUT -f"),
        ("verse.zip", "generate verse.zip -o OUT --resume"),
        ("song.txt", "generate verse.zip --not-in song.txt -o OUT -f"),
        ("song.txt", "generate verse.zip --prompts song.txt -o OUT -f"),
        ("song.txt", "generate verse.zip --condition-weights song.txt -o OUT -f"),
        ("config.json", "report verse.zip --privacy config.json -o OUT -f"),
        ("song.txt", "plant song.txt --canary-format [0-9]{6} -o OUT -f"),
        ("song.txt", "plant song.txt --canary-format [0-9]{6} -o new.zip --canaries OUT -f"),
        ("verse.zip", "privacy verse.zip --canaries config.json -o OUT -f"),
        ("config.json", "privacy verse.zip --canaries config.json -o OUT -f"),
        ("song.txt", "privacy verse.zip --train song.txt --generated verse.txt --held-out verse.txt -o OUT -f"),
        ("song.txt", "privacy verse.zip --train verse.txt --generated song.txt --held-out verse.txt -o OUT -f"),
        ("song.txt", "privacy verse.zip --train verse.txt --generated verse.txt --held-out song.txt -o OUT -f"),
        ("verse.zip", "check verse.zip --held-out song.txt --save OUT -f"),
        ("song.txt", "check verse.zip --held-out song.txt --save OUT -f"),
        ("song.txt", "check verse.zip --held-out verse.txt --bad song.txt --save OUT -f"),
        ("song.txt", "check verse.zip song.txt --held-out verse.txt --save OUT -f"),
        ("song.txt", "check verse.zip verse.txt --held-out song.txt -o OUT -f"),
        ("verse.zip", "score verse.zip song.txt -o OUT -f"),
        ("song.txt", "score verse.zip song.txt -o OUT -f"),
        ("verse.txt", "score verse.zip song.txt verse.txt --on-error skip --errors OUT -f"),
        ("song.txt", "embed verse.zip song.txt -o OUT -f"),
        ("song.txt", "classify verse.zip song.txt -o OUT -f"),
        ("song.txt", "suggest verse.zip song.txt -o OUT -f"),
        ("song.txt", "sample verse.zip song.txt -o OUT -f"),
        ("verse.zip", "convert verse.zip OUT -f"),
        ("verse.zip", "convert verse.zip OUT --graph step -f"),
        ("verse.safetensors", "convert verse.safetensors OUT -f"),
        ("config.json", "convert verse.safetensors OUT --config config.json -f"),
        ("run.rnnlm.json", "new OUT -d run.rnnlm.json -f"),
        ("run.rnnlm.json", "new OUT -d song.txt --validation run.rnnlm.json -f"),
    ];

    private readonly TempFolder _folder = new();

    public OutputFileTests()
    {
        File.WriteAllText(_folder["song.txt"],
            string.Concat(Enumerable.Repeat("the cat sat on the mat, and the dog sat on the log.\n", 20)));
        File.WriteAllText(_folder["verse.txt"], string.Concat(Enumerable.Repeat("the dog sat on the log.\n", 20)));
        File.WriteAllText(_folder["run.rnnlm.json"],
            """{ "source": { "files": ["song.txt"] }, "training": { "max_steps": 2 }, "model": { "hidden_size": 4 } }""");
        CliRun.Ok(["train", _folder["verse.txt"], "-o", _folder["verse.zip"], .. Small]);
        CliRun.Ok("convert", _folder["verse.zip"], _folder["verse.safetensors"]);
        File.WriteAllText(_folder["config.json"], CliRun.Ok("inspect", _folder["verse.zip"], "--json").Output);
    }

    public enum Way
    {
        SamePath,
        RelativePath,
        SymbolicLink,
        HardLink,
        LinkedFolder,
    }

    public static TheoryData<string, string, Way> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, Way>();
            foreach ((string input, string command) in Commands)
            {
                // What 'convert' and 'new' write is known by its name, which an input of another name has through a link alone.
                bool linkedOnly = !input.EndsWith(ExtensionOf(command), StringComparison.Ordinal);
                foreach (Way way in linkedOnly ? [Way.SymbolicLink, Way.HardLink] : Enum.GetValues<Way>())
                    cases.Add(input, command, way);
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void AnOutputThatIsAnInputIsRefusedWhateverTheFlags(string input, string command, Way way)
    {
        string output = Lead(input, way, ExtensionOf(command));
        Dictionary<string, byte[]> before = Contents();

        CliRun run = CliRun.Of([.. command.Split(' ')
            .Select(word => word == "OUT" ? output : word is "." or "new.zip" || File.Exists(_folder[word]) ? _folder[word] : word)]);

        Assert.Equal(2, run.Code);
        Assert.Contains($"'{output}' is ", run.Error, StringComparison.Ordinal);
        Assert.Contains("an input of this command, and is never written over", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public void EveryCommandThatNamesAnOutputIsAmongThese()
    {
        string[] writers = [.. CommandNames.All.Where(command =>
            CliRun.Ok(command, "--help").Output is var help
            && (help.Contains("--output ", StringComparison.Ordinal) || help.Contains("\n  OUTPUT ", StringComparison.Ordinal)))];

        Assert.Contains("convert", writers);
        // The output of codegen is a folder, whose files are looked at below; the inputs of merge are looked at in MergeCommandTests.
        Assert.Equal([], writers.Except(Commands.Select(entry => entry.Command.Split(' ')[0])).Except(["codegen", "merge"]));
    }

    /// <summary>What is not a stream of rows needs a file, and none that is called "-" is made.</summary>
    [Theory]
    [InlineData("train song.txt -o -")]
    [InlineData("train song.txt -o new.zip --checkpoint -")]
    [InlineData("convert verse.zip -")]
    [InlineData("codegen run.rnnlm.json -o -")]
    [InlineData("report verse.zip -o -")]
    [InlineData("privacy verse.zip --train song.txt --generated verse.txt --held-out verse.txt -o -")]
    [InlineData("plant song.txt --canary-format [0-9]{6} -o -")]
    [InlineData("plant song.txt --canary-format [0-9]{6} -o new.txt --canaries -")]
    [InlineData("new - -d song.txt")]
    [InlineData("check verse.zip --held-out song.txt --false-positive-rate 0.2 --save -")]
    [InlineData("score verse.zip song.txt --on-error skip --errors -")]
    public void TheStandardOutputIsNoFile(string command)
    {
        string[] before = [.. _folder.Names];

        CliRun run = CliRun.Of(Words(command));

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("'-' is the standard output, which can't take the place of this ", run.Error, StringComparison.Ordinal);
        Assert.Contains("is ./-.", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Names);
        Assert.False(Path.Exists("-"));
    }

    /// <summary>Rows go to the standard output by "-" as they do where no file is named.</summary>
    [Theory]
    [InlineData("score verse.zip song.txt")]
    [InlineData("embed verse.zip verse.txt --json")]
    [InlineData("suggest verse.zip verse.txt")]
    [InlineData("sample verse.zip verse.txt --seed 1 --length 5")]
    [InlineData("check verse.zip verse.txt --held-out song.txt --false-positive-rate 0.2")]
    [InlineData("generate verse.zip -n 5 --seed 1 --length 5 --format csv")]
    public void RowsGoToTheStandardOutputByItsName(string command)
    {
        CliRun run = CliRun.Ok([.. Words(command), "-o", "-"]);

        Assert.NotEmpty(run.Output);
        Assert.Equal(CliRun.Ok(Words(command)).Output, run.Output);
        Assert.False(Path.Exists("-"));
    }

    [Theory]
    [InlineData("--resume is for rows in a file: name it by --output.", "generate verse.zip -o - --resume")]
    [InlineData("a matrix begins with the number of its rows, so it needs a file", "embed verse.zip verse.txt -o - "
        + "--output-format npy")]
    [InlineData("--shard writes a part file: name the folder for it by --output.", "score verse.zip song.txt -o - --shard 0/2")]
    [InlineData("--shard writes a part file: name the folder for it by --output.", "generate verse.zip -o - --seed 1 --shard 0/2")]
    public void WhatNeedsAFileIsNoStream(string fault, string command)
    {
        CliRun run = CliRun.Of(Words(command));
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    /// <summary>By its ending, a file is read again; so it holds what its ending says, or is not written.</summary>
    [Theory]
    [InlineData("new.csv' has the ending of the format csv, but --json asks for jsonl. Name a file '*.jsonl' by --output, or leave --json "
        + "out.", "score verse.zip song.txt --json -o new.csv")]
    [InlineData("new.TSV' has the ending of the format tsv, but --jsonl asks for jsonl.",
        "suggest verse.zip rows.jsonl --jsonl -o new.TSV")]
    [InlineData("new.jsonl' has the ending of the format jsonl, but --output-format asks for csv. Name a file '*.csv'",
        "sample verse.zip song.txt --output-format csv -o new.jsonl")]
    [InlineData("new.ndjson' has the ending of the format jsonl, but --output-format asks for text. Name a file '*.txt'",
        "check verse.zip song.txt --output-format text -o new.ndjson")]
    [InlineData("new.npy' has the ending of the format npy, but --output-format asks for safetensors.",
        "embed verse.zip song.txt --output-format safetensors -o new.npy")]
    [InlineData("new.txt' has the ending of the format text, but --output-format asks for npy.",
        "embed verse.zip song.txt --output-format npy -o new.txt")]
    [InlineData("new.tsv' has the ending of the format tsv, but --json asks for jsonl.", "classify verse.zip song.txt --json -o new.tsv")]
    [InlineData("--errors writes lines of JSON, but 'new.csv' has the ending of the format csv. Name a file '*.jsonl'.",
        "score verse.zip song.txt --on-error skip --errors new.csv")]
    [InlineData("new.jsonl' has the ending of the format jsonl, but --format asks for csv. Name a file '*.csv' by --output, or leave "
        + "--format out.", "generate verse.zip --format csv -o new.jsonl")]
    [InlineData("rnnlm generate writes csv, jsonl and txt, but 'new.npy' has the ending of another format.",
        "generate verse.zip -o new.npy")]
    public void AFormatThatContradictsTheEndingIsRefused(string fault, string command)
    {
        File.WriteAllText(_folder["rows.jsonl"], "{\"prefix\":\"the\"}\n");
        string[] before = [.. _folder.Names];

        CliRun run = CliRun.Of(Words(command));

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error.Replace(_folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Equal(before, _folder.Names);
    }

    [SkippableFact]
    public void ADeviceIsNotReplacedByAFile()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no devices among its files.");
        CliRun run = CliRun.Of("report", _folder["verse.zip"], "-o", "/dev/null", "--force");

        Assert.Equal(2, run.Code);
        Assert.Contains("'/dev/null' is a device or a pipe, and is not replaced by a file. Name a file by --output", run.Error,
            StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo("/dev/null").Length);
    }

    [Fact]
    public void TheCheckpointAndTheModelAreTwoFiles()
    {
        CliRun run = CliRun.Of(["train", _folder["song.txt"], "-o", _folder["new.zip"], "--checkpoint", _folder["new.zip"], .. Small]);

        Assert.Equal(2, run.Code);
        Assert.Contains("--output and --checkpoint name one file", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSchemaBesideAConfigurationIsReplacedOnlyWhereItIsASchemaOfConfigurations()
    {
        string[] New(string name) => ["new", _folder[name], "-d", _folder["song.txt"]];
        CliRun.Ok(New("first"));
        string schema = File.ReadAllText(_folder["rnnlm.schema.json"]);
        File.WriteAllText(_folder["rnnlm.schema.json"],
            schema.Replace("hidden units", "units of an older version", StringComparison.Ordinal));
        CliRun.Ok(New("second"));
        Assert.Equal(schema, File.ReadAllText(_folder["rnnlm.schema.json"]));

        File.WriteAllText(_folder["rnnlm.schema.json"], "{}");
        CliRun run = CliRun.Of(New("third"));

        Assert.Equal(2, run.Code);
        Assert.Contains("rnnlm.schema.json' exists. Say --force", run.Error, StringComparison.Ordinal);
        Assert.Equal("{}", File.ReadAllText(_folder["rnnlm.schema.json"]));
        Assert.False(File.Exists(_folder["third.rnnlm.json"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CodeIsNotWrittenOverTheTextThatItIsFor(bool linked)
    {
        File.WriteAllText(_folder["code.rnnlm.json"],
            $$"""{ "source": { "files": ["{{(linked ? "song.txt" : "Code.training.cs")}}"] } }""");
        if (linked)
            Links.CreateHard(_folder["Code.training.cs"], _folder["song.txt"]);
        else
            File.Copy(_folder["song.txt"], _folder["Code.training.cs"]);

        CliRun run = CliRun.Of("codegen", _folder["code.rnnlm.json"], "-f");

        Assert.Equal(2, run.Code);
        Assert.Contains("an input of this command", run.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_folder["song.txt"]), File.ReadAllBytes(_folder["Code.training.cs"]));
    }

    /// <summary>Where the code of one class is refused, the other is not written either.</summary>
    [Fact]
    public void CodeIsWrittenAsAWholeOrNotAtAll()
    {
        File.WriteAllText(_folder["Run.consumption.cs"], "mine");

        CliRun run = CliRun.Of("codegen", _folder["run.rnnlm.json"]);

        Assert.Equal(2, run.Code);
        Assert.Contains("Run.consumption.cs' exists. Say --force to replace it, or name another folder by --output.", run.Error,
            StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder["Run.consumption.cs"]));
        Assert.False(File.Exists(_folder["Run.training.cs"]));
    }

    /// <summary>The names beside an output that the program itself uses are none that a user's file has.</summary>
    [Theory]
    [InlineData("song.zip.tmp")]
    [InlineData("song.zip.lock")]
    [InlineData("song.checkpoint.tmp")]
    [InlineData("song.checkpoint.lock")]
    public void FilesBesideTheOutputStay(string name)
    {
        File.WriteAllText(_folder[name], "mine");

        CliRun.Ok(["train", _folder["song.txt"], "-o", _folder["song.zip"], "--checkpoint", _folder["song.checkpoint"], .. Small]);

        Assert.Equal("mine", File.ReadAllText(_folder[name]));
    }

    private string[] Words(string command) => [.. command.Split(' ').Select(word =>
        word.StartsWith("new.", StringComparison.Ordinal) || File.Exists(_folder[word]) ? _folder[word] : word)];

    private static string ExtensionOf(string command) => command switch
    {
        _ when command.Contains("--graph", StringComparison.Ordinal) => ".onnx",
        _ when command.StartsWith("convert verse.zip", StringComparison.Ordinal) => ".safetensors",
        _ when command.StartsWith("convert", StringComparison.Ordinal) => ".zip",
        _ when command.StartsWith("new", StringComparison.Ordinal) => ".rnnlm.json",
        _ => "",
    };

    private Dictionary<string, byte[]> Contents() => Directory.EnumerateFiles(_folder.Path).ToDictionary(path => path, File.ReadAllBytes);

    /// <summary>Returns a path that leads to a file.</summary>
    private string Lead(string name, Way way, string extension)
    {
        string path = _folder[name], link = _folder["link" + extension];
        switch (way)
        {
            case Way.RelativePath:
                return Path.GetRelativePath(Environment.CurrentDirectory, path);
            case Way.SymbolicLink:
                File.CreateSymbolicLink(link, path);
                return link;
            case Way.HardLink:
                Links.CreateHard(link, path);
                return link;
            case Way.LinkedFolder:
                string folder = _folder["folder"];
                Directory.CreateSymbolicLink(folder, _folder.Path);
                return Path.Combine(folder, name);
            default:
                return path;
        }
    }
}
