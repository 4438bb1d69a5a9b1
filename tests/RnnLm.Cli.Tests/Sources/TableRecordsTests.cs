using System.Text;
using RnnLm.Cli.Sources;

namespace RnnLm.Cli.Tests.Sources;

/// <summary>Small tables of all kinds, each read a second time by the rule itself.</summary>
public sealed class TableRecordsTests
{
    [Theory]
    [InlineData("ab,\"\n", true)]
    [InlineData("a,\"\r\n", true)]
    [InlineData("a,\"\r\n", false)]
    public void ATableIsReadByTheRuleOrRefusedAtTheLineOfItsQuote(string characters, bool quotes)
    {
        const int Tables = 20_000;
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < Tables; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => characters[random.Next(characters.Length)]));
            (List<string> expected, int? fault) = ReadByRule(text, quotes);
            var read = new List<string>();

            var thrown = Record.Exception(() =>
            {
                foreach ((string[] fields, int line) in TableRecords.Read(new StringReader(text), "t.csv", ',', quotes))
                    read.Add(Show(line, fields));
            });

            refused += fault is null ? 0 : 1;
            Assert.Equal(expected, read);
            Assert.True(fault is null ? thrown is null : thrown is TextDataException && thrown.Message.StartsWith($"t.csv:{fault}: a "
                + "double quote opens a field here", StringComparison.Ordinal), $"{text}: {thrown}");
        }

        Assert.Equal(quotes, refused > Tables / 10);
    }

    [Fact]
    public void AQuoteThatIsNeverClosedDoesNotHaveTheFileReadIntoMemory()
    {
        var thrown = Assert.Throws<TextDataException>(() =>
            TableRecords.Read(new EndlessText("a,b\nc,d\n1,\"", "x,y\n"), "t.csv", ',', quotes: true).Count());

        Assert.Equal("t.csv:3: a field of the row that begins here has more than 16,777,216 characters. Most likely, a double quote opens "
            + "it and none closes it.", thrown.Message);
    }

    /// <summary>Reads a table character by character, and returns the line of the first quote that is out of place.</summary>
    private static (List<string> Rows, int? Fault) ReadByRule(string text, bool quotes)
    {
        var rows = new List<string>();
        int at = 0, line = 1;
        while (at < text.Length)
        {
            int first = line, begin = at;
            var fields = new List<string>();
            for (bool isEnd = false; !isEnd;)
            {
                var field = new StringBuilder();
                if (quotes && at < text.Length && text[at] == '"')
                {
                    int opened = line;
                    for (at++; at < text.Length && (text[at] != '"' || text.AsSpan(at).StartsWith("\"\"")); at++)
                    {
                        at += text[at] == '"' ? 1 : 0;
                        line += text[at] == '\n' || (text[at] == '\r' && !text.AsSpan(at).StartsWith("\r\n")) ? 1 : 0;
                        field.Append(text[at]);
                    }

                    if (at == text.Length || (++at < text.Length && text[at] is not (',' or '\r' or '\n')))
                        return (rows, opened);
                }

                while (at < text.Length && text[at] is not (',' or '\r' or '\n'))
                    field.Append(text[at++]);
                fields.Add(field.ToString());
                isEnd = at == text.Length || text[at] != ',';
                at += isEnd ? 0 : 1;
            }

            bool isBlank = at == begin;
            if (at < text.Length)
            {
                at += text.AsSpan(at).StartsWith("\r\n") ? 2 : 1;
                line++;
            }

            if (!isBlank)
                rows.Add(Show(first, fields));
        }

        return (rows, null);
    }

    private static string Show(int line, IEnumerable<string> fields) => $"{line}: {string.Join('|', fields)}";

    /// <summary>A text that begins in one way and goes on in another for ever.</summary>
    private sealed class EndlessText(string beginning, string rest) : TextReader
    {
        private long _at;

        public override int Read(char[] buffer, int index, int count)
        {
            for (int i = 0; i < count; i++, _at++)
                buffer[index + i] = _at < beginning.Length ? beginning[(int)_at] : rest[(int)(_at % rest.Length)];
            return count;
        }
    }
}
