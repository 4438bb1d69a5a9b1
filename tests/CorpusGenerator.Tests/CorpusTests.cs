using RnnLm.Tests;

namespace CorpusGenerator.Tests;

public sealed class CorpusTests
{
    private static readonly string Committed = File.ReadAllText(TestData.InRepository("examples", "Quickstart", "Data", "messages.txt"));
    private static readonly string[] Messages = Committed.TrimEnd('\n').Split('\n');

    [Fact]
    public void TheCommittedFileIsWhatItsSeedGives() => Assert.Equal(Corpus.Write(), Committed);

    [Fact]
    public void AnotherSeedGivesOtherMessages()
    {
        string[] others = Corpus.Write(Corpus.Seed + 1).Split('\n');
        Assert.True(others.Intersect(Messages, StringComparer.Ordinal).Count() < 0.05 * Messages.Length);
    }

    [Fact]
    public void ItIsAbout200KBOfPrintableASCIIAndLineFeeds()
    {
        Assert.InRange(Committed.Length, Corpus.Length, Corpus.Length + 1000);
        Assert.DoesNotContain(Committed, character => character is not '\n' and (< ' ' or > '~'));
        Assert.EndsWith("\n", Committed, StringComparison.Ordinal);
    }

    [Fact]
    public void AMessageIsAWholeOneOfReadableLength() => Assert.All(Messages, message =>
    {
        Assert.InRange(message.Length, 40, 400);
        Assert.True(char.IsUpper(message[0]), message);
        Assert.DoesNotContain("  ", message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, character => "<>()[]|".Contains(character, StringComparison.Ordinal));
    });

    [Fact]
    public void NoMessageStandsTwice() => Assert.Equal(Messages.Length, Messages.Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void NoLongPassageStandsInManyMessages()
    {
        const int Long = 90;
        var holders = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string message in Messages)
        {
            foreach (string passage in Enumerable.Range(0, Math.Max(0, message.Length - Long + 1))
                .Select(start => message.Substring(start, Long)).Distinct(StringComparer.Ordinal))
                holders[passage] = holders.GetValueOrDefault(passage) + 1;
        }

        KeyValuePair<string, int> worst = holders.MaxBy(pair => pair.Value);
        Assert.True(worst.Value <= Messages.Length / 100, $"'{worst.Key}' stands in {worst.Value} messages.");
    }

    [Fact]
    public void CustomersAndTheServiceDeskBothWrite()
    {
        int replies = Messages.Count(message => message.StartsWith("Dear M", StringComparison.Ordinal)
            || message.StartsWith("Dear Dr", StringComparison.Ordinal));
        Assert.InRange(replies, Messages.Length / 5, Messages.Length / 2);
    }
}
