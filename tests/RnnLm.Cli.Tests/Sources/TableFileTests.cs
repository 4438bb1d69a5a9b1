using System.Text;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Sources;

public sealed class TableFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FieldsMayBeQuotedAndAreTakenAsTheyAre()
    {
        TextRow[] rows = Rows("Text,Kind\n\"a, \"\"b\"\"\nc\",x\n  5\" pipe ,\n\n// d,y\n",
            new() { TextColumn = "Text", ConditionColumn = "Kind" });

        Assert.Equal(["a, \"b\"\nc", "  5\" pipe ", "// d"], rows.Select(row => row.Text.ToString()));
        Assert.Equal(["x", null, "y"], rows.Select(row => row.Condition));
    }

    [Theory]
    [InlineData("in;out\na;b\n", ";", true)]
    [InlineData("a\tb\n", "\t", false)]
    public void ColumnsAreFoundByNumberToo(string text, string separator, bool header)
    {
        TextRow row = Assert.Single(Rows(text, new() { TextColumn = "1", TargetColumn = "0", Separator = separator, Header = header },
            DataMode.Pairs));

        Assert.Equal(("b", "a"), (row.Text.ToString(), row.Target.ToString()));
    }

    [Fact]
    public void QuotesCanBeLettersLikeAnyOther() =>
        Assert.Equal(["\"a"], Rows("t\tu\n\"a\tb\n", new() { TextColumn = "t", Format = SourceFormat.Tsv, Quotes = false })
        .Select(row => row.Text.ToString()));

    [Fact]
    public void TheOnlyColumnNeedsNoName() => Assert.Equal(["a", "b"], Rows("t\na\nb\n", new()).Select(row => row.Text.ToString()));

    [Fact]
    public void OtherEncodingsAreDetectedOrAskedForAndNeverMangled()
    {
        File.WriteAllText(_folder["t.csv"], "t\nä\n", Encoding.Unicode);
        Assert.Equal("ä", Read(new()).Single().Text.ToString());

        File.WriteAllText(_folder["t.csv"], "t\nä\n", Encoding.Latin1);
        Assert.Equal("ä", Read(new() { Encoding = "latin1" }).Single().Text.ToString());
        Assert.Contains("t.csv:2: this is not UTF-8", Assert.Throws<TextDataException>(() => Read(new())).Message,
            StringComparison.Ordinal);

        File.WriteAllBytes(_folder["t.csv"], [1, 0, 2, 0]);
        Assert.Contains("looks like a binary file", Assert.Throws<TextDataException>(() => Read(new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARowWithTooFewFieldsIsNamedByItsLine()
    {
        TextDataException fault = Assert.Throws<TextDataException>(() => Rows("a,b\n\"x\ny\",z\nonly\n", new() { TextColumn = "b" }));

        Assert.Contains("t.csv:4: there is 1 field, but the table has 2 columns: a, b.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeMeantIsRefused()
    {
        Assert.Contains("needs the column with the targets", Assert.Throws<UsageException>(() =>
            Rows("a,b\nx,y\n", new() { TextColumn = "a" }, DataMode.Pairs)).Message, StringComparison.Ordinal);
        Assert.Contains("needs Data.Mode = Rows or Pairs", Assert.Throws<OptionsException>(() =>
            Rows("a,b\nx,y\n", new() { TextColumn = "a", ConditionColumn = "b" }, DataMode.Stream)).Message, StringComparison.Ordinal);
        Assert.Contains("one character", Assert.Throws<OptionsException>(() =>
            Rows("a,b\nx,y\n", new() { TextColumn = "a", Separator = ";;" })).Message, StringComparison.Ordinal);
        Assert.Contains("is empty", Assert.Throws<UsageException>(() => Rows("", new())).Message, StringComparison.Ordinal);
        Assert.Contains("text files have no columns", Assert.Throws<UsageException>(() =>
            Rows("a", new() { TextColumn = "a", Format = SourceFormat.Text })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsOfARunningTextStandOnLinesOfTheirOwn()
    {
        File.WriteAllText(_folder["t.csv"], "t\na\nb\n");

        var data = new TextData([new TextFile(_folder["t.csv"])], new(), DataMode.Stream);

        Assert.Equal("a\nb", string.Concat(data.Rows().Select(row => row.Text)));
        Assert.Equal("\n", data.RowSeparator);
    }

    private TextRow[] Rows(string text, SourceOptions source, DataMode mode = DataMode.Rows)
    {
        File.WriteAllText(_folder["t.csv"], text);
        return Read(source, mode);
    }

    private TextRow[] Read(SourceOptions source, DataMode mode = DataMode.Rows) =>
        [.. new TextData(source.Find([_folder["t.csv"]]), source, mode).Rows()];
}
