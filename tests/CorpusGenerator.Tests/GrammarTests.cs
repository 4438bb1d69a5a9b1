namespace CorpusGenerator.Tests;

public sealed class GrammarTests
{
    private static readonly Dictionary<string, string> Facts = new(StringComparer.Ordinal) { ["name"] = "Vera", ["kind"] = "loud" };

    [Theory]
    [InlineData("hello, <name>. how are you?", "Hello, Vera. How are you?")]
    [InlineData("a <word-<kind>>", "A bang")]
    [InlineData("one(|) , two( |) .", "One, two.")]
    [InlineData("it costs $3.50 a day", "It costs $3.50 a day")]
    public void ReferencesAreFilledInAndSentencesFinished(string alternative, string expected) =>
        Assert.Equal(expected, Write($"start:\n  {alternative}\n\nword-loud:\n  bang\n"));

    [Fact]
    public void ChoicesAndOptionalPartsTakeEveryForm()
    {
        Grammar grammar = Grammar.Parse("start:\n  (big|small(er|est)) [old] cat\n");
        var random = new SplitMix64(1);
        string[] forms = Enumerable.Range(0, 200).Select(_ => grammar.Write("start", Facts, random)).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["Big cat", "Big old cat", "Smaller cat", "Smaller old cat", "Smallest cat", "Smallest old cat"], forms);
    }

    [Fact]
    public void AWeightMakesAnAlternativeAsManyTimesAsLikely()
    {
        Grammar grammar = Grammar.Parse("start:\n  3* yes\n  no\n");
        var random = new SplitMix64(2);
        Assert.InRange(Enumerable.Range(0, 4000)
            .Count(_ => string.Equals(grammar.Write("start", Facts, random), "Yes", StringComparison.Ordinal)), 2900, 3100);
    }

    [Theory]
    [InlineData("start:\n  (a|b\n", "lacks a ')'")]
    [InlineData("start:\n  [a\n", "lacks a ']'")]
    [InlineData("start:\n  a) b\n", "has a ')' too many")]
    [InlineData("  no rule yet\n", "neither a rule's name")]
    [InlineData("start:\n  <nobody>\n", "<nobody> is neither a fact nor a rule")]
    public void AFaultyGrammarIsRefused(string grammar, string fault) =>
        Assert.Contains(fault, Assert.Throws<FormatException>(() => Write(grammar)).Message, StringComparison.Ordinal);

    [Fact]
    public void EveryRuleOfTheMessagesIsUsedAndNoneIsHiddenByAFact()
    {
        Grammar grammar = Grammar.Load();
        var random = new SplitMix64(3);
        for (int i = 0; i < 20_000; i++)
            grammar.Write("message", CorpusGenerator.Facts.Draw(random), random);
        Assert.Empty(grammar.Rules.Except(grammar.Used, StringComparer.Ordinal));
    }

    private static string Write(string grammar) => Grammar.Parse(grammar).Write("start", Facts, new SplitMix64(0));
}
