using RnnLm.Cli.Sources;

namespace RnnLm.Cli.Tests.Sources;

public sealed class LineReaderTests
{
    [Fact]
    public void LinesAreThoseOfNetHoweverLongTheyAre()
    {
        var random = new Random(3);
        for (int run = 0; run < 200; run++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ =>
                random.Next(5) switch { 0 => "\n", 1 => "\r\n", 2 => "\r", 3 => new string('x', random.Next(40_000)), _ => "ab" }));
            using var reader = new StringReader(text);
            var lines = new LineReader(new StringReader(text));
            while (reader.ReadLine() is { } expected)
            {
                Assert.True(lines.Read(out string? line));
                Assert.Equal(expected, line);
            }

            Assert.False(lines.Read(out _));
        }
    }

    /// <summary>What is no row costs no memory, and the next line is read.</summary>
    [Fact]
    public void ALineThatIsTooLongIsPassedOver()
    {
        var lines = new LineReader(new Long(LineReader.Longest + 1));

        Assert.True(lines.Read(out string? line));
        Assert.Null(line);
        Assert.True(lines.Read(out line));
        Assert.Equal("next", line);
        Assert.False(lines.Read(out _));
    }

    /// <summary>So many characters in a line, and another line.</summary>
    private sealed class Long(int length) : TextReader
    {
        private readonly StringReader _rest = new("\nnext");
        private int _left = length;

        public override int Read(char[] buffer, int index, int count)
        {
            int given = Math.Min(count, _left);
            buffer.AsSpan(index, given).Fill('x');
            _left -= given;
            return given > 0 ? given : _rest.Read(buffer, index, count);
        }
    }
}
