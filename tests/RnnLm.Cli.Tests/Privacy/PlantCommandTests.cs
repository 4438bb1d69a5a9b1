using System.Text;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

/// <summary>Canaries planted in files, whose own rows stay byte for byte.</summary>
public sealed class PlantCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("one\ntwo\nthree\n")]
    [InlineData("one\r\ntwo\r\nthree\r\n")]
    [InlineData("one\r\n\r\ntwo\nthree")]
    [InlineData("one\rtwo\rthree")]
    [InlineData("\uFEFFein\n😀 é e\u0301\n")]
    [InlineData("one")]
    public void OwnLinesStayAsTheyAre(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        File.WriteAllBytes(_folder["rows.txt"], bytes);
        CliRun run = Plant("rows.txt", "--canary-format", "<[0-9]{3}>", "-k", "3", "--repeats", "0,1,4");

        CanarySet canaries = CanarySet.Load(_folder["planted.canaries.json"]);
        string planted = Encoding.UTF8.GetString(File.ReadAllBytes(_folder["planted.txt"]));
        string[] lines = planted.TrimStart('\uFEFF').Split(["\r\n", "\n", "\r"], StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("with 15 rows planted", run.Output, StringComparison.Ordinal);
        Assert.All(canaries.Canaries, canary => Assert.Equal(canary.Repeats, lines.Count(line => line == canary.Text)));
        Assert.Equal(text.TrimStart('\uFEFF').Split(["\r\n", "\n", "\r"], StringSplitOptions.RemoveEmptyEntries),
            lines.Where(line => line[0] != '<'));
        string without = canaries.Canaries.Where(canary => canary.Repeats > 0).Aggregate(planted, (rest, canary) =>
            rest.Replace(canary.Text + "\r\n", "", StringComparison.Ordinal).Replace(canary.Text + "\n", "", StringComparison.Ordinal)
            .Replace(canary.Text + "\r", "", StringComparison.Ordinal));
        if (text.EndsWith('\n'))
            Assert.Equal(text, without);
        Assert.Equal(text.EndsWith('\n'), planted.EndsWith('\n'));

        Plant("rows.txt", "--canary-format", "<[0-9]{3}>", "-k", "3", "--repeats", "0,1,4", "-f");
        Assert.Equal(planted, Encoding.UTF8.GetString(File.ReadAllBytes(_folder["planted.txt"])));
    }

    [Fact]
    public void OtherEncodingsAreKept()
    {
        File.WriteAllText(_folder["rows.txt"], "Müller\nJosé\n", Encoding.Latin1);
        Plant("rows.txt", "--encoding", "latin1", "--canary-format", "ß[0-9]{3}", "-k", "1", "--repeats", "1");
        Assert.Equal(["José", "Müller", "ß"], File.ReadAllLines(_folder["planted.txt"], Encoding.Latin1)
            .Select(line => line[0] == 'ß' ? "ß" : line).Order(StringComparer.Ordinal));
        Assert.Contains("that the encoding iso-8859-1 of",
            Fail(1, "rows.txt", "--encoding", "latin1", "--canary-format", "Ω[0-9]{3}", "-k", "1",
            "--repeats", "1", "-f"), StringComparison.Ordinal);

        File.WriteAllText(_folder["wide.txt"], "one\ntwo\n", Encoding.Unicode);
        Plant("wide.txt", "--canary-format", "x[0-9]{3}", "-k", "1", "--repeats", "1", "-f");
        Assert.Equal(3, File.ReadAllLines(_folder["planted.txt"], Encoding.Unicode).Length);
        Assert.Equal([0xFF, 0xFE], File.ReadAllBytes(_folder["planted.txt"])[..2]);
    }

    [Fact]
    public void TablesKeepTheirRecordsAndCanariesTheOtherColumns()
    {
        File.WriteAllText(_folder["rows.csv"], "id,Name,Land\r\n1,\"Smith, John\",uk\r\n2,\"a \"\"b\"\"\",us\r\n3,Otto,de\r\n");
        CliRun.Ok("plant", _folder["rows.csv"], "--text-column", "Name", "--condition-column", "Land", "--canary-format", "[0-9]{4}, X",
            "-k", "2",
            "--repeats", "3", "-o", _folder["planted.csv"]);

        CanarySet canaries = CanarySet.Load(_folder["planted.canaries.json"]);
        string[] lines = File.ReadAllLines(_folder["planted.csv"]);
        Assert.Equal(["id,Name,Land", "1,\"Smith, John\",uk", "2,\"a \"\"b\"\"\",us", "3,Otto,de"],
            lines.Where(line => !line.Contains(", X", StringComparison.Ordinal)));
        Assert.All(canaries.Canaries, canary =>
            Assert.Equal(3, lines.Count(line => line.EndsWith($",\"{canary.Text}\",{canary.Condition}", StringComparison.Ordinal))));
        Assert.All(lines.Skip(1), line => Assert.Contains(line[0], "123"));
    }

    [Fact]
    public void LinesWithConditionsGetConditions()
    {
        File.WriteAllText(_folder["rows.txt"], "it\tAnna\nde\tOtto\n");
        Plant("rows.txt", "--conditions", "--canary-format", "x[0-9]{3}", "-k", "9", "--repeats", "1");

        CanarySet canaries = CanarySet.Load(_folder["planted.canaries.json"]);
        Assert.Equal(["de", "it"], canaries.Canaries.Select(canary => canary.Condition).Distinct().Order());
        Assert.Equal(canaries.Canaries.Select(canary => $"{canary.Condition}\t{canary.Text}").Order(),
            File.ReadLines(_folder["planted.txt"]).Where(line => line[3] == 'x').Order());
    }

    [Theory]
    [InlineData(2, "--canary-format is missing")]
    [InlineData(2, "--canary-format: '[0-9' is not the format of a canary", "--canary-format", "[0-9")]
    [InlineData(2, "--canary-format: '[0-9]' has 10 texts, which are too few for 30 canaries", "--canary-format", "[0-9]")]
    [InlineData(2, "--repeats takes different whole numbers", "--canary-format", "[0-9]{5}", "--repeats", "1,1")]
    [InlineData(2, "--repeats takes different whole numbers", "--canary-format", "[0-9]{5}", "--repeats", "-1")]
    [InlineData(2, "--per-repeats must be at least 1, but is 0", "--canary-format", "[0-9]{5}", "-k", "0")]
    [InlineData(2, "is an input of this command, and is never written over", "--canary-format", "[0-9]{5}", "--canaries", "rows.txt", "-f")]
    [InlineData(2, "--output and --canaries name one file", "--canary-format", "[0-9]{5}", "--canaries", "planted.txt")]
    public void WrongUseSaysWhatIsWrong(int code, string fault, params string[] arguments)
    {
        File.WriteAllText(_folder["rows.txt"], "one\n");
        Assert.Contains(fault, Fail(code, "rows.txt", [.. arguments.Select(argument => argument.EndsWith(".txt", StringComparison.Ordinal)
            ? _folder[argument]
            : argument)]), StringComparison.Ordinal);
        Assert.Equal(["rows.txt"], _folder.Names);
        Assert.Equal("one\n", File.ReadAllText(_folder["rows.txt"]));
    }

    [Fact]
    public void NoInputIsWrittenOverAndAnEmptyFileIsRefused()
    {
        File.WriteAllText(_folder["rows.txt"], "one\n");
        File.WriteAllText(_folder["empty.txt"], "\n");
        CliRun over = CliRun.Of("plant", _folder["rows.txt"], "--canary-format", "[0-9]{5}", "-o", _folder["rows.txt"], "-f");

        Assert.Equal(2, over.Code);
        Assert.Contains("is never written over", over.Error, StringComparison.Ordinal);
        Assert.Contains("there are no rows to plant canaries among", Fail(1, "empty.txt", "--canary-format", "[0-9]{5}"),
            StringComparison.Ordinal);
        Assert.Equal(["empty.txt", "rows.txt"], _folder.Names);
    }

    private CliRun Plant(string file, params string[] arguments) =>
        CliRun.Ok(["plant", _folder[file], "-o", _folder["planted.txt"], .. arguments]);

    private string Fail(int code, string file, params string[] arguments)
    {
        CliRun run = CliRun.Of(["plant", _folder[file], "-o", _folder["planted.txt"], .. arguments]);
        Assert.True(run.Code == code, $"exit code {run.Code}: {run.Error}");
        return run.Error;
    }
}
