using System.Text.RegularExpressions;
using RnnLm.Cli.DataSets;
using RnnLm.Cli.Terminal;
using Spectre.Console.Testing;

namespace RnnLm.Cli.Tests;

public sealed class RowDisplayTests
{
    private static readonly Regex Control = new("\u001b\\[[0-9;?]*[a-zA-Z]", RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>On a terminal, how far it is, how fast, and what was not kept stand in one place, in the width there is.</summary>
    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    public void TheLiveDisplayFitsTheTerminalAndIsTakenAway(int width)
    {
        using TestConsole console = new TestConsole().Width(width).EmitAnsiSequences();
        console.Profile.Capabilities.Ansi = true;
        var display = new RowDisplay(new CommandContext(TextReader.Null, TextWriter.Null, console, false, false, default), rows: 2000,
            columns: 1);
        display.Run(() =>
        {
            Add(display, 0, 1000);
            Thread.Sleep(300);   // it is drawn a few times in a second
            Add(display, 1000, 1001);
        });

        string[] lines = [.. Control.Split(console.Output).SelectMany(part => part.Split('\r', '\n'))];
        string text = string.Join(' ', lines.Select(line => line.Trim()));
        Assert.Matches(@"1,001/2,000 rows +[0-9.]+k? rows/s +0:0\d left +2 texts a row +repeats 5\d\.\d ?% +1 missing", text);
        Assert.All(lines, line => Assert.True(line.Length < width, line));
        Assert.Equal("2,001 texts written: 1,001 written before; 1 row is missing, as no text could be kept", display.Summary());
    }

    [Fact]
    public void EarlierRowsCountButNotTowardsTheRate()
    {
        using var console = new TestConsole();
        var display = new RowDisplay(new CommandContext(TextReader.Null, TextWriter.Null, console, false, false, default), rows: 20,
            columns: 2);
        for (int number = 0; number < 3; number++)
            display.Add(new GeneratedRow(number, ["a", "b"], new RejectedTexts(1, 2, 0), false), isEarlier: true);

        Assert.Equal((3, 0), (display.Count, display.Missing));
        Assert.Equal("15 texts written: 3 invalid, 6 known already", display.Summary());
    }

    /// <summary>Texts are those of the rows that were asked for: not of the numbers before the first, nor of a longer run before.</summary>
    [Fact]
    public void OnlyRowsThatWereAskedForCount()
    {
        using var console = new TestConsole();
        var context = new CommandContext(TextReader.Null, TextWriter.Null, console, false, false, default);
        var part = new RowDisplay(context, rows: 300_010, columns: 1, first: 300_000);
        for (int number = 300_000; number < 300_010; number++)
            part.Add(new GeneratedRow(number, ["a"], new RejectedTexts(0, 0, 0), false));
        var shorter = new RowDisplay(context, rows: 3, columns: 1);
        for (int number = 0; number < 9; number++)
            shorter.Add(new GeneratedRow(number, ["a"], new RejectedTexts(1, 0, 0), number > 4), isEarlier: true);

        Assert.Equal("10 texts written", part.Summary());
        Assert.Equal("6 texts written: 3 invalid", shorter.Summary());
    }

    private static void Add(RowDisplay display, int first, int end)
    {
        for (int number = first; number < end; number++)
            display.Add(new GeneratedRow(number, ["a"], new RejectedTexts(0, 0, 1), number == 7));
    }
}
