using RnnLm.Patterns;

namespace RnnLm.Tests.Patterns;

public class PatternParserTests
{
    [Theory]
    [InlineData("a(?=b)", "a look-ahead '(?='", 1)]
    [InlineData("(?!b)", "a look-ahead '(?!'", 0)]
    [InlineData("ab(?<=b)", "a look-behind '(?<='", 2)]
    [InlineData("ab(?<!b)", "a look-behind '(?<!'", 2)]
    [InlineData("(?>a)", "an atomic group '(?>'", 0)]
    [InlineData("(a)(?(1)b|c)", "a condition '(?('", 3)]
    [InlineData("(?(a)b|c)", "a condition '(?('", 0)]
    [InlineData("(?<x>a)(?<-x>b)", "a balancing group '(?<-x>'", 7)]
    [InlineData("(?<x>a)(?'y-x'b)", "a balancing group '(?'y-x''", 7)]
    [InlineData(@"(a)\1", @"a back-reference '\1'", 3)]
    [InlineData(@"(?<n>a)\k<n>", @"a back-reference '\k<n>'", 7)]
    [InlineData(@"(?<n>a)\k'n'", @"a back-reference '\k'n''", 7)]
    [InlineData(@"(?<n>a)\<n>", @"a back-reference '\<n>'", 7)]
    [InlineData(@"(?<n>a)\'n'", @"a back-reference '\'n''", 7)]
    [InlineData(@"(?<1>a)\<1>", @"a back-reference '\<1>'", 7)]
    [InlineData(@"()()()()()()()()()()\10", @"a back-reference '\10'", 20)]
    [InlineData(@"a\b", @"a word boundary '\b'", 1)]
    [InlineData(@"[\b]\B", @"a word boundary '\B'", 4)]
    [InlineData(@"\Ga", @"the anchor '\G'", 0)]
    public void WhatIsNotRegularIsRefusedByNameAndPlace(string pattern, string what, int offset)
    {
        var e = Assert.Throws<PatternException>(() => PatternParser.Parse(pattern));
        Assert.StartsWith($"has {what} at offset {offset}, which is not regular.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a(", 2)]
    [InlineData("[a", 2)]
    [InlineData("*a", 1)]
    [InlineData("a**", 3)]
    [InlineData("a{2,1}", 6)]
    [InlineData(@"\p{Xx}", 6)]
    [InlineData(@"a\", 2)]
    [InlineData("a)", 2)]
    [InlineData(@"\1", 2)]
    [InlineData("(?r)a", 3)]
    public void WhatIsNoRegularExpressionIsRefusedInDotNetsWords(string pattern, int offset)
    {
        var e = Assert.Throws<PatternException>(() => PatternParser.Parse(pattern));
        Assert.StartsWith("is not a regular expression: ", e.Message, StringComparison.Ordinal);
        Assert.Contains($"at offset {offset}.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a{1,1000}){1,1000}", "needs more than 100,000 states because of the repeat '{1,1000}' at offset 11")]
    [InlineData("((((x+){99}){99}){99}){99}", "because of the repeat '{99}' at offset 17")]
    [InlineData("(?:a{2147483647}){2147483647}", "because of the repeat '{2147483647}' at offset 4")]
    [InlineData("(?:(?:){2147483647}){0}[ab]{0,2000000}", "because of the repeat '{0,2000000}' at offset 27")]
    [InlineData("(a|b)*a(a|b){20}", "needs more than 50,000 states, because its repeats")]
    [InlineData("(a{1,150}b?){1,150}", "needs more than 20,000,000 steps to find its states")]
    public void ACatastrophicPatternIsRefused(string pattern, string message)
    {
        var e = Assert.Throws<PatternException>(() => PatternTexts.Compile(pattern, PatternTexts.Vocabulary("abx")));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepNestingIsRefusedAndDoesNotOverflowTheStack()
    {
        string groups = new string('(', 20_000) + new string(')', 20_000);
        var e = Assert.Throws<PatternException>(() => PatternParser.Parse(groups));
        Assert.Contains("nested more than 250 deep at offset 250", e.Message, StringComparison.Ordinal);
        string classes = string.Concat(Enumerable.Repeat("[a-", 100_000)) + "[a" + new string(']', 100_001);
        e = Assert.Throws<PatternException>(() => PatternParser.Parse(classes));
        Assert.Contains("more than 250 subtractions", e.Message, StringComparison.Ordinal);
        // Not nested, any number will do.
        PatternParser.Parse(string.Concat(Enumerable.Repeat("[a-c]-[a-c](b)", 1000)));
    }
}
