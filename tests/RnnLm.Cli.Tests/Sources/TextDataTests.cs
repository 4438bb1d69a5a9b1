using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

public sealed class TextDataTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FilesOfARunningTextBeginOnLinesOfTheirOwn()
    {
        var data = Data(DataMode.Stream, conditions: false, "one", "two\n", "three");

        Assert.Equal("one\ntwo\nthree", string.Concat(data.Rows().Select(r => r.Text.ToString())));
    }

    [Fact]
    public void LinesAreRowsAndEmptyOnesAreNot()
    {
        var data = Data(DataMode.Rows, conditions: false, "a\r\n\nb\tc\n");

        Assert.Equal(["a", "b\tc"], data.Rows().Select(r => r.Text.ToString()));
    }

    [Fact]
    public void TabsDivideConditionsInputsAndTargets()
    {
        TextRow row = Data(DataMode.Rows, conditions: true, "fr\tJean\n").Rows().Single();
        Assert.Equal(("fr", "Jean"), (row.Condition, row.Text.ToString()));

        row = Data(DataMode.Pairs, conditions: false, "1+1=?\t2\t\n").Rows().Single();
        Assert.Equal(("1+1=?", "2\t", null), (row.Text.ToString(), row.Target.ToString(), row.Condition));

        row = Data(DataMode.Pairs, conditions: true, "sum\t1+1=?\t2\n").Rows().Single();
        Assert.Equal(("sum", "1+1=?", "2"), (row.Condition, row.Text.ToString(), row.Target.ToString()));
    }

    [Fact]
    public void AMissingTabIsNamedWithItsLine()
    {
        var e = Assert.Throws<TextDataException>(() => Data(DataMode.Pairs, conditions: false, "1+1=?\t2\n1+2=?\n").Rows().ToList());
        Assert.Contains("0.txt:2: there should be an input, a tab, a target", e.Message, StringComparison.Ordinal);

        e = Assert.Throws<TextDataException>(() => Data(DataMode.Rows, conditions: true, "x\n").Rows().ToList());
        Assert.Contains("there should be a condition, a tab, a text", e.Message, StringComparison.Ordinal);

        Assert.Throws<OptionsException>(() => Data(DataMode.Stream, conditions: true, "x"));
    }

    private TextData Data(DataMode mode, bool conditions, params string[] files)
    {
        for (int i = 0; i < files.Length; i++)
            File.WriteAllText(_folder[$"{i}.txt"], files[i]);
        return new TextData([.. files.Select((_, i) => new TextFile(_folder[$"{i}.txt"]))], new SourceOptions { Conditions = conditions },
            mode);
    }
}
