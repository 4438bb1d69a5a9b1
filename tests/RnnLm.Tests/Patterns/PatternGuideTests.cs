using System.Numerics;
using System.Text;
using RnnLm.Patterns;
using RnnLm.Text;

namespace RnnLm.Tests.Patterns;

public class PatternGuideTests
{
    public static TheoryData<string> Patterns =>
    [
        "a|bb|cccc", "(ab)*c?", "a{2,4}(b|c)", "[^b]*", "", "a+b+",
        "(a|b){3}c", "(a(bc)?){2}", "(?:a{3}|b{5})", ".*a.", "(?:😀|a)b", "^a$|^b",
    ];

    /// <summary>What may come is what some text has next that matches and is of the right length: all texts are tried.</summary>
    [Theory]
    [MemberData(nameof(Patterns))]
    public void WhatMayComeIsWhatSomeMatchingTextHasNext(string pattern)
    {
        CharVocabulary vocabulary = PatternTexts.Vocabulary(pattern.Contains("😀", StringComparison.Ordinal) ? "ab😀" : "abc", true);
        PatternAutomaton automaton = PatternTexts.Compile(pattern, vocabulary);
        Func<string, bool[]> isMatch = PatternTexts.DotNet(pattern)!;
        int[][] matching = [.. PatternTexts.All(vocabulary, 6).Where(text => isMatch(text)[0]).Select(text => vocabulary.Encode(text))];
        foreach ((int minLength, int maxLength) in new[] { (0, 6), (0, 3), (2, 5), (3, 3), (5, 6), (6, 6) })
        {
            var guide = new PatternGuide(automaton, minLength);
            int[][] texts = [.. matching.Where(text => text.Length >= minLength && text.Length <= maxLength)];
            int shortest = texts.Length == 0 ? PatternAutomaton.Never : texts.Min(text => text.Length);
            Assert.Equal(shortest, Within(guide.Distance(automaton.Start, 0), maxLength));
            IEnumerable<int[]> prefixes = texts.SelectMany(text => Enumerable.Range(0, text.Length + 1).Select(length => text[..length]));
            foreach (int[] prefix in prefixes.DistinctBy(prefix => string.Join(',', prefix)))
            {
                int state = prefix.Aggregate(automaton.Start, automaton.Next), left = maxLength - prefix.Length;
                int[][] longer = [.. texts.Where(text => text.AsSpan().StartsWith(prefix))];
                int[] expected = [.. longer.SelectMany(text => text.Skip(prefix.Length).Take(1)).Distinct().Order()];
                float[] mask = guide.Mask(state, prefix.Length, left);
                Assert.Equal(expected, Enumerable.Range(0, vocabulary.Size).Where(id => mask[id] == 0 && id != vocabulary.EndId));
                Assert.All(mask, value => Assert.True(value is 0 or float.NegativeInfinity));
                Assert.Equal(0, mask[vocabulary.EndId!.Value]);
                Assert.Equal(expected.Length > 0, guide.CanContinue(state, prefix.Length, left));
                Assert.Equal(longer.Min(text => text.Length) - prefix.Length, guide.Distance(state, prefix.Length));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void TextsAreCountedExactly(string pattern)
    {
        CharVocabulary vocabulary = PatternTexts.Vocabulary(pattern.Contains("😀", StringComparison.Ordinal) ? "ab😀" : "abc");
        PatternAutomaton automaton = PatternTexts.Compile(pattern, vocabulary);
        Func<string, bool[]> isMatch = PatternTexts.DotNet(pattern)!;
        int[] lengths = [.. PatternTexts.All(vocabulary, 6).Where(text => isMatch(text)[0]).Select(text => text.EnumerateRunes().Count())];
        for (int minLength = 0; minLength <= 6; minLength++)
        {
            for (int maxLength = minLength; maxLength <= 6; maxLength++)
            {
                int expected = lengths.Count(length => length >= minLength && length <= maxLength);
                Assert.Equal(expected, automaton.Count(automaton.Start, minLength, maxLength));
                BigInteger bounded = automaton.Count(automaton.Start, minLength, maxLength, enough: 5);
                Assert.True(expected < 5 ? bounded == expected : bounded >= 5);
            }
        }
    }

    [Fact]
    public void TheTextsOfFamiliarPatternsAreCounted()
    {
        CharVocabulary ascii = new(Enumerable.Range(32, 95).Select(value => new Rune(value)));
        Assert.Equal(10_000, Count(@"\d{4}"));
        Assert.Equal(26 * 26 * 10_000, Count(@"[A-Z]{2}-\d{4}"));
        Assert.Equal(BigInteger.Pow(26, 200), Count("[a-z]{200}"));
        Assert.Equal(4, Count("(?i)ab"));
        Assert.Equal(0, Count("é"));
        Assert.Equal(12 * 31, Count("(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"));
        BigInteger Count(string pattern)
        {
            PatternAutomaton automaton = PatternTexts.Compile(pattern, ascii);
            return automaton.Count(automaton.Start, 0, 300);
        }
    }

    [Theory]
    [InlineData("é", "the model's vocabulary has no character for 'é'")]
    [InlineData("a[éè]b", "the model's vocabulary has no character for '[éè]'")]
    [InlineData("öde", "the model's vocabulary has no character for 'öde'")]
    [InlineData("aöbüxc", "the model's vocabulary has no character for 'ö' and 'üx'")]
    [InlineData("(ab{3}xyz|ä)", "the model's vocabulary has no character for 'ä'")]
    [InlineData("x😀", "the model's vocabulary has no character for 'x😀'")]
    [InlineData(@"(?m)a$\nb", @"the model's vocabulary has no character for '\n'")]
    [InlineData(@"\p{IsGreek}+", @"the model's vocabulary has no character for '\p{IsGreek}'")]
    [InlineData("😃", "the model's vocabulary has no character for '😃'")]
    [InlineData("a^b", "no text at all matches it")]
    [InlineData(@"a\zb", "no text at all matches it")]
    [InlineData(@"[^\s\S]", "no text at all matches it")]
    [InlineData(@"^$a\n", "no text at all matches it")]
    public void WhatTheVocabularyLacksIsNamed(string pattern, string expected)
    {
        PatternAutomaton automaton = PatternTexts.Compile(pattern, PatternTexts.Vocabulary("abc😁"));
        Assert.Equal(PatternAutomaton.Dead, automaton.Start);
        Assert.Equal(expected, automaton.DescribeMissing());
    }

    [Theory]
    [InlineData("aé", "b")]
    [InlineData("aéb😀", "")]
    [InlineData("", "ab")]
    [InlineData("b", null)]
    public void ATextOfOtherCharactersMayStandBefore(string before, string? shortest)
    {
        // The vocabulary has no é.
        PatternAutomaton automaton = PatternTexts.Compile("^aéb(?:😀)?|ab$", PatternTexts.Vocabulary("abc")).After(before);
        Assert.Equal(shortest is null ? PatternAutomaton.Dead : 0, automaton.Start);
        if (shortest is not null)
            Assert.True(PatternTexts.Accepts(automaton, shortest));
        Assert.Equal(shortest?.Length ?? PatternAutomaton.Never, automaton.Distance(automaton.Start));
    }

    [Fact]
    public void AStepAllocatesNothing()
    {
        CharVocabulary vocabulary = PatternTexts.Vocabulary("abc", startAndEnd: true);
        var guide = new PatternGuide(PatternTexts.Compile("[ab]{1,200}c?", vocabulary), 0);
        int[] ids = vocabulary.Encode("abababab");
        Assert.Equal(0, Allocations.Least(() =>
        {
            int state = guide.Automaton.Start;
            for (int i = 0; i < ids.Length; i++)
            {
                Assert.True(guide.Mask(state, i, 100 - i)[ids[i]] == 0);
                state = guide.Automaton.Next(state, ids[i]);
                _ = guide.Distance(state, i) == 0 || guide.CanContinue(state, i, 5);
            }
        }));
    }

    [Fact]
    public void ManyThreadsAreToldWhatOneIs()
    {
        CharVocabulary vocabulary = PatternTexts.Vocabulary("abc");
        PatternAutomaton automaton = PatternTexts.Compile("(a{1,9}b?){1,9}c", vocabulary);
        var alone = new PatternGuide(automaton, 3);
        float[][] expected = [.. Ask(alone)];
        var shared = new PatternGuide(automaton, 3);
        Parallel.For(0, 16, _ => Assert.Equal(expected, Ask(shared)));

        IEnumerable<float[]> Ask(PatternGuide guide) =>
            from state in Enumerable.Range(0, automaton.States)
            from written in Enumerable.Range(0, 5)
            from left in Enumerable.Range(0, 12)
            select guide.Mask(state, written, left);
    }

    private static int Within(int distance, int maxLength) => distance <= maxLength ? distance : PatternAutomaton.Never;
}
