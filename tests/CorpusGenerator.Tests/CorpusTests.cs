using RnnLm.Tests;

namespace CorpusGenerator.Tests;

public sealed class CorpusTests
{
    private static readonly string Committed = File.ReadAllText(TestData.InRepository("examples", "Quickstart", "Data", "messages.txt"));
    private static readonly string[] Messages = Committed.TrimEnd('\n').Split('\n');

    [Fact]
    public void The_committed_file_is_what_its_seed_gives() => Assert.Equal(Corpus.Write(), Committed);

    [Fact]
    public void Another_seed_gives_other_messages()
    {
        string[] others = Corpus.Write(Corpus.Seed + 1).Split('\n');
        Assert.True(others.Intersect(Messages, StringComparer.Ordinal).Count() < 0.05 * Messages.Length);
    }

    [Fact]
    public void It_is_about_200_KB_of_printable_ASCII_and_line_feeds()
    {
        Assert.InRange(Committed.Length, Corpus.Length, Corpus.Length + 1000);
        Assert.DoesNotContain(Committed, character => character is not '\n' and (< ' ' or > '~'));
        Assert.EndsWith("\n", Committed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_is_a_whole_one_of_readable_length() => Assert.All(Messages, message =>
    {
        Assert.InRange(message.Length, 40, 400);
        Assert.True(char.IsUpper(message[0]), message);
        Assert.DoesNotContain("  ", message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, character => "<>()[]|".Contains(character, StringComparison.Ordinal));
    });

    [Fact]
    public void No_message_stands_twice() => Assert.Equal(Messages.Length, Messages.Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void No_long_passage_stands_in_many_messages()
    {
        const int Long = 90;
        var holders = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string message in Messages)
        {
            foreach (string passage in Enumerable.Range(0, Math.Max(0, message.Length - Long + 1)).Select(start => message.Substring(start, Long)).Distinct(StringComparer.Ordinal))
                holders[passage] = holders.GetValueOrDefault(passage) + 1;
        }

        KeyValuePair<string, int> worst = holders.MaxBy(pair => pair.Value);
        Assert.True(worst.Value <= Messages.Length / 100, $"'{worst.Key}' stands in {worst.Value} messages.");
    }

    [Fact]
    public void Customers_and_the_service_desk_both_write()
    {
        int replies = Messages.Count(message => message.StartsWith("Dear M", StringComparison.Ordinal) || message.StartsWith("Dear Dr", StringComparison.Ordinal));
        Assert.InRange(replies, Messages.Length / 5, Messages.Length / 2);
    }
}
