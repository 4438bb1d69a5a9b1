using System.Text.Json;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

/// <summary>Data sets from models of the command line, in files.</summary>
public sealed class GenerateCommandTests : IDisposable
{
    private static readonly string[] Articles =
        [.. Enumerable.Range(0, 900).Select(i => $"{(i % 2 == 0 ? "AX" : "BK")}-{1000 + (i * 7919 % 9000)}-{(char)('A' + (i % 4))}")];

    private static readonly Lazy<(byte[] Articles, byte[] Names)> Models = new(Train);

    private readonly TempFolder _folder = new();

    public GenerateCommandTests()
    {
        File.WriteAllBytes(_folder["articles.zip"], Models.Value.Articles);
        File.WriteAllBytes(_folder["names.zip"], Models.Value.Names);
        File.WriteAllLines(_folder["articles.txt"], Articles);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RowsAreUniqueNewAndValidInEveryFormat()
    {
        string[] ask = ["-n", "500", "--unique", "--new", "--pattern", "(AX|BK)-[0-9]{4}-[A-D]", "--seed", "3"];
        CliRun run = Generate([.. ask, "-o", _folder["rows.txt"]]);
        Generate([.. ask, "-o", _folder["rows.csv"]]);
        Generate([.. ask, "-o", _folder["rows.jsonl"]]);
        string[] rows = File.ReadAllLines(_folder["rows.txt"]);

        Assert.Matches(@"500 rows in .*rows\.txt, seed 3; [0-9,]+ texts written: .*\.\n$", run.Error);
        Assert.Equal(500, rows.Distinct().Count());
        Assert.Empty(rows.Intersect(Articles));
        Assert.All(rows, row => Assert.Matches("^(AX|BK)-[0-9]{4}-[A-D]$", row));
        Assert.Equal(["Text", .. rows], File.ReadAllLines(_folder["rows.csv"]));
        Assert.Equal(rows, File.ReadLines(_folder["rows.jsonl"])
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Text").GetString()!));
        Assert.Equal(rows, Generate(ask).Lines);
        Assert.Equal(["articles.txt", "articles.zip", "names.zip", "rows.csv", "rows.jsonl", "rows.txt"], _folder.Names);
    }

    [Fact]
    public void CheckDigitsAndTextsOfAFileAreRules()
    {
        string[] first = [.. Generate("-n", "40", "--pattern", "[0-9]{13}", "--validate", "ean13", "--unique", "--seed", "1").Lines];
        File.WriteAllLines(_folder["known.txt"], first);
        string[] others = [.. Generate("-n", "40", "--pattern", "[0-9]{13}", "--validate", "ean13", "--unique", "--seed", "1", "--not-in",
            _folder["known.txt"]).Lines];

        Assert.All(first.Concat(others),
            text => Assert.Equal(0, text.Select((digit, place) => (digit - '0') * (place % 2 == 0 ? 1 : 3)).Sum() % 10));
        Assert.Equal(80, first.Concat(others).Distinct().Count());
    }

    [Fact]
    public void ConditionsAreDrawnAndColumnsReadColumns()
    {
        string names = _folder["names.zip"];
        File.WriteAllText(_folder["weights.tsv"], "de\t3\n");
        string[] table = [.. CliRun.Ok("generate", names, "-n", "200", "--condition-weights", "uniform", "--seed", "2", "--format",
            "csv").Lines];
        string[] given = [.. CliRun.Ok("generate", names, "-n", "50", "--condition-weights", _folder["weights.tsv"], "--seed", "2",
            "--format", "csv").Lines];
        string[] two = [.. CliRun.Ok(
            "generate", "--column", $"Name={names}", "--column", $"Friend={names}", "--condition", "Name=it", "--condition-from",
            "Friend=Condition",
            "--pattern", "Friend=[A-Z][a-z]+", "-n", "20", "--format", "csv", "--seed", "2").Lines];

        Assert.Equal("Condition,Text", table[0]);
        Assert.InRange(table.Count(line => line.StartsWith("de,", StringComparison.Ordinal)), 70, 130);
        Assert.All(given.Skip(1), line => Assert.StartsWith("de,", line, StringComparison.Ordinal));
        Assert.Equal("Condition,Name,Friend", two[0]);
        Assert.All(two.Skip(1), line => Assert.Matches("^it,[^,]+,[A-Z][a-z]+$", line));
    }

    /// <summary>A run that is killed leaves whole lines and a part of one, wherever it was.</summary>
    [Fact]
    public void ARunGoesOnFromEveryByteToTheSameFile()
    {
        // Two lines to a text: they can't be put in a text file, so that the rows are left as they are before they become one.
        string[] ask =
        [
            "-n", "120", "--unique", "--pattern", "AX-[0-9]{2}-[AB]", "--max-tries", "3", "--prompt", "x\ny", "--seed", "9",
        ];
        // Rows that are missing are a fault, though the file of the others is there.
        CliRun fewer = Fail(1, [.. ask, "-o", _folder["whole.csv"]]);
        Assert.Matches(@"rnnlm: no text could be kept for \d+ of 120 rows\.", fewer.Error);
        string whole = File.ReadAllText(_folder["whole.csv"]);
        CliRun left = Fail(1, [.. ask, "-o", _folder["rows.txt"]]);
        string part = _folder["rows.txt.rnnlm.part"];
        byte[] journal = File.ReadAllBytes(part);
        Assert.Contains("has a line end in its text", left.Error, StringComparison.Ordinal);
        Assert.Contains("go on with --resume", left.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["rows.txt"]));
        // Some rows are missing, which must be remembered too.
        Assert.InRange(whole.Split('\n').Length, 20, 240);

        var random = new Random(4);
        int[] cuts = [0, 1, 100, journal.Length - 1, journal.Length, .. Enumerable.Range(0, 12).Select(_ => random.Next(journal.Length))];
        foreach (int cut in cuts)
        {
            File.WriteAllBytes(part, journal[..cut]);
            Fail(1, [.. ask, "-o", _folder["rows.txt"], "--format", "csv", "--resume"]);
            Assert.Equal(whole, File.ReadAllText(_folder["rows.txt"]));
            Assert.False(File.Exists(part));
            File.Delete(_folder["rows.txt"]);
        }
    }

    [Fact]
    public void ARunThatWasLeftIsNotReplacedUnasked()
    {
        string part = _folder["rows.txt.rnnlm.part"];
        string[] ask = ["-n", "5", "--prompt", "x\ny", "--seed", "9", "-o", _folder["rows.txt"]];
        Fail(1, ask);
        byte[] left = File.ReadAllBytes(part);

        Assert.Contains("has the rows of a run that was stopped. Say --resume to go on with it, or --force", Fail(2, ask).Error,
            StringComparison.Ordinal);
        Assert.Contains("asked for something else: --temperature was not given, and is '0.5' now",
            Fail(2, [.. ask, "--temperature", "0.5", "--resume"]).Error, StringComparison.Ordinal);
        Assert.Contains("with the seed 9, not 8", Fail(2, [.. ask[..4], "--seed", "8", "-o", _folder["rows.txt"], "--resume"]).Error,
            StringComparison.Ordinal);
        Assert.Equal(left, File.ReadAllBytes(part));
        File.WriteAllBytes(_folder["articles.zip"], Models.Value.Names);
        Assert.Contains("the content of", Fail(2, [.. ask, "--resume"]).Error, StringComparison.Ordinal);
        File.WriteAllBytes(_folder["articles.zip"], Models.Value.Articles);
        // More rows may be asked for, and the seed need not be known.
        Generate("-n", "7", "--prompt", "x\ny", "-o", _folder["rows.txt"], "--format", "csv", "--resume");
        Generate("-n", "7", "--prompt", "x\ny", "-o", _folder["all.csv"], "--seed", "9");
        Assert.Equal(File.ReadAllText(_folder["all.csv"]), File.ReadAllText(_folder["rows.txt"]));

        File.WriteAllText(part, "something else\n");
        Assert.Contains("is not what a run of rnnlm generate leaves behind", Fail(1, [.. ask, "--resume"]).Error, StringComparison.Ordinal);
        Assert.Equal("something else\n", File.ReadAllText(part));
    }

    [Fact]
    public async Task AnInterruptedRunKeepsItsRows()
    {
        using var stop = new CancellationTokenSource();
        string part = _folder["rows.txt.rnnlm.part"];
        string[] ask = ["generate", _folder["articles.zip"], "-n", "100000000", "--seed", "1", "-o", _folder["rows.txt"]];
        Task<CliRun> run = Task.Run(() => CliRun.With("", stop.Token, ask));
        while (!run.IsCompleted && (!File.Exists(part) || new FileInfo(part).Length < 10_000))
            await Task.Delay(20);
        await stop.CancelAsync();
        CliRun stopped = await run;

        Assert.True(stopped.Code == 130, stopped.Error);
        Assert.Matches(@"[0-9,]+ rows kept in '.*rows\.txt\.rnnlm\.part': go on with --resume\.", stopped.Error);
        int rows = File.ReadLines(part).Count() - 1;
        CliRun.Ok("generate", _folder["articles.zip"], "-n", $"{rows + 10}", "--seed", "1", "-o", _folder["rows.txt"], "--resume");
        Assert.Equal(Generate("-n", $"{rows + 10}", "--seed", "1").Lines, File.ReadAllLines(_folder["rows.txt"]));
    }

    [Fact]
    public void AModelWithNoMoreToSayLeavesAFileOfWhatItSaid()
    {
        CliRun run = Fail(1, "--temperature", "0", "--unique", "-n", "500", "-o", _folder["rows.txt"]);

        Assert.Contains("1 row in ", run.Error, StringComparison.Ordinal);
        Assert.Contains("rnnlm: the model has hardly anything more to say: of the ", run.Error, StringComparison.Ordinal);
        Assert.Contains("100 rows are missing", run.Error, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(_folder["rows.txt"]));
        Assert.Contains("no text can be kept",
            Fail(1, "--validate", "iban", "-n", "500", "--max-tries", "2", "-o", _folder["none.txt"]).Error, StringComparison.Ordinal);
        foreach (string rows in (string[])["1", "5", "99"])
        {
            string[] none = ["--pattern", "AX-[0-9]{2}", "--validate", "iban", "-n", rows, "--max-tries", "2"];
            Assert.Matches($"rnnlm: no text could be kept for {rows} of {rows} rows?[.]",
                Fail(1, [.. none, "-o", _folder["none.txt"]]).Error);
            Assert.Empty(Fail(1, none).Lines);
        }

        Assert.False(File.Exists(_folder["none.txt"]));
        Assert.False(File.Exists(_folder["none.txt.rnnlm.part"]));
    }

    /// <summary>A part, and a shorter run that goes on from a longer one, count as a run of these rows alone does.</summary>
    [Fact]
    public void TheSummaryIsOfTheRowsThatWereAskedFor()
    {
        string[] ask = ["--pattern", "AX-[0-9]{4}-[AB]", "--seed", "5"];
        string part = _folder["rows.txt.rnnlm.part"], rows = _folder["rows.txt"];
        Assert.Contains("\n100 texts written; seed 5.", "\n" + Generate([.. ask, "-n", "300", "--first-row", "200"]).Error,
            StringComparison.Ordinal);

        // Two lines to a text can't be put in a text file, so that the part stays.
        string[] lines = ["--prompt", "x\ny", "--unique", "--seed", "9"];
        Fail(1, [.. lines, "-n", "200", "-o", rows]);
        Assert.True(File.Exists(part));
        CliRun shorter = Generate([.. lines, "-n", "20", "-o", rows, "--format", "csv", "--resume"]);
        CliRun fresh = Generate([.. lines, "-n", "20", "-o", _folder["fresh.csv"]]);
        Assert.Equal(File.ReadAllText(_folder["fresh.csv"]), File.ReadAllText(rows));
        Assert.Equal(Counts(fresh), Counts(shorter));

        static string Counts(CliRun run) => run.Error[run.Error.IndexOf("; ", StringComparison.Ordinal)..];
    }

    [Theory]
    [InlineData("--rows must be above --first-row, which is 5, but is 3", "-n", "3", "--first-row", "5")]
    [InlineData("--rows must be at least 1, but is 0", "-n", "0")]
    [InlineData("--rows is 101, but 'AX-[0-9]{2}-A' has only 100 different texts of the model's characters and of at most --max-length 100",
        "-n", "101", "--unique", "--pattern", "AX-[0-9]{2}-A")]
    [InlineData("--pattern 'AXΩ' can't be matched: the model's vocabulary has no character for 'Ω'", "--pattern", "AXΩ")]
    [InlineData("--validate: 'isbn' is not one of luhn, iban, ean, ean8, ean13", "--validate", "isbn")]
    [InlineData("the model has no conditions, so 'it' means nothing to it", "--condition", "it")]
    [InlineData("--condition-weights: 'nowhere' is neither train nor uniform, nor a file", "--condition-weights", "nowhere")]
    [InlineData("--condition-weights of the column 'Text' are given, but the model has no conditions", "--condition-weights", "uniform")]
    [InlineData("'nowhere.txt' does not exist", "--not-in", "nowhere.txt")]
    [InlineData("--prompts: 'nowhere.txt' does not exist", "--prompts", "nowhere.txt")]
    [InlineData("--resume is for rows in a file: name it by --output", "--resume")]
    [InlineData("--column: 'x' is not a name, an equals sign and a model", "--column", "x")]
    [InlineData("--pattern is given twice. Give it once", "--pattern", "a", "--pattern", "b")]
    [InlineData("--temperature must be a finite number", "--temperature", "-1")]
    public void WrongUseIsSaidInTheWordsOfTheCommandLine(string message, params string[] arguments) =>
        Assert.Contains(message, Fail(2, arguments).Error, StringComparison.Ordinal);

    [Fact]
    public void SeveralColumnsNeedNamesAndAFormat()
    {
        string[] two = ["--column", $"Name={_folder["names.zip"]}"];
        Assert.Contains("there are the columns Text, Condition, Name. Say --format csv or jsonl",
            Fail(2, two).Error.Replace("Name.Condition", "Condition", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("--new: there are the columns Text, Name. Say which of them by --new-column", Fail(2, [.. two, "--new"]).Error,
            StringComparison.Ordinal);
        Assert.Contains("say which column it is for, such as --pattern \"Name=x\"", Fail(2, [.. two, "--pattern", "x"]).Error,
            StringComparison.Ordinal);
        Assert.Contains("MODEL is missing", Of(2, "generate").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void NoInputIsWrittenOver()
    {
        foreach (string[] arguments in (string[][])[["-o", _folder["articles.zip"]],
            ["--not-in", _folder["articles.txt"], "-o", _folder["articles.txt"]]])
        {
            foreach (string[] more in (string[][])[[], ["--force"], ["--resume"]])
                Assert.Contains("is an input of this command, and is never written over", Fail(2, [.. arguments, .. more]).Error,
                    StringComparison.Ordinal);
        }

        Assert.Equal(Models.Value.Articles, File.ReadAllBytes(_folder["articles.zip"]));
        Assert.Equal(Articles, File.ReadAllLines(_folder["articles.txt"]));
        File.WriteAllText(_folder["rows.txt"], "mine");
        Assert.Contains("exists. Say --force", Fail(2, "-n", "2", "-o", _folder["rows.txt"]).Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder["rows.txt"]));
    }

    private static (byte[] Articles, byte[] Names) Train()
    {
        using var folder = new TempFolder();
        File.WriteAllLines(folder["a.txt"], Articles);
        File.WriteAllText(folder["n.txt"], string.Concat(Enumerable.Repeat("it\tAnna\nit\tBianca\nde\tOtto\n", 40)));
        string[] small = ["--mode", "rows", "--keep-text-filter", "--cell", "gru", "--hidden-size", "16", "--embedding-size", "8", "--seed",
            "1", "--threads", "1", "--learning-rate", "0.01"];
        CliRun.Ok(["train", folder["a.txt"], "-o", folder["a.zip"], "--steps", "200", .. small]);
        CliRun.Ok(["train", folder["n.txt"], "-o", folder["n.zip"], "--conditions", "--steps", "200", .. small]);
        return (File.ReadAllBytes(folder["a.zip"]), File.ReadAllBytes(folder["n.zip"]));
    }

    private CliRun Generate(params string[] arguments) => Of(0, ["generate", _folder["articles.zip"], .. arguments]);

    private CliRun Fail(int code, params string[] arguments) => Of(code, ["generate", _folder["articles.zip"], .. arguments]);

    private static CliRun Of(int code, params string[] arguments)
    {
        CliRun run = CliRun.Of(arguments);
        Assert.True(run.Code == code, $"exit code {run.Code}: {run.Error}");
        return run;
    }
}
