using System.Text;
using System.Text.RegularExpressions;
using RnnLm.Patterns;
using RnnLm.Text;

namespace RnnLm.Tests.Patterns;

public class PatternAutomatonTests
{
    // K is the Kelvin sign, and ſ the long s: in .NET they are k and s where case is ignored. The faces share their first UTF-16 unit.
    private const string Characters = "abckKsABC019 _-.,[]{}\n\r\tßéÉıİſKωΩ\u00AD😀😁𝔘";

    private static readonly Lazy<CharVocabulary> s_firstPlane =
        new(() => new CharVocabulary(Enumerable.Range(0, 0x10000).Where(Rune.IsValid).Select(value => new Rune(value))));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void RandomPatternsAcceptWhatDotNetMatches(int seed)
    {
        var random = new Random(seed);
        CharVocabulary vocabulary = PatternTexts.Vocabulary(Characters);
        var tally = new Tally();
        foreach ((string pattern, PatternAutomaton automaton) in RandomAutomata(random, vocabulary, Characters, 400, 4))
        {
            Func<string, bool[]> opinions = PatternTexts.DotNet(pattern)!;
            for (int i = 0; i < 30; i++)
            {
                string text = i % 3 == 0 ? RandomText(random, vocabulary) : PatternTexts.Random(automaton, 8, random) ?? "";
                if (i % 3 == 1)
                    text = Change(text, random, vocabulary);
                tally.Add(pattern, text, PatternTexts.Accepts(automaton, text), opinions(text));
            }
        }

        tally.Check();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void AllShortTextsAreAcceptedExactlyWhereDotNetMatches(int seed)
    {
        const string Few = "aB\n1";
        CharVocabulary vocabulary = PatternTexts.Vocabulary(Few);
        string[] texts = [.. PatternTexts.All(vocabulary, 4)];
        var tally = new Tally();
        foreach ((string pattern, PatternAutomaton automaton) in RandomAutomata(new Random(seed), vocabulary, Few, 200, 3))
        {
            Func<string, bool[]> opinions = PatternTexts.DotNet(pattern)!;
            foreach (string text in texts)
                tally.Add(pattern, text, PatternTexts.Accepts(automaton, text), opinions(text));
        }

        tally.Check();
    }

    /// <summary>The whole of Unicode's first plane: where a class ends and what it has are .NET's.</summary>
    [Theory]
    [InlineData(@"\d")]
    [InlineData(@"\w")]
    [InlineData(@"\s")]
    [InlineData(@"\D")]
    [InlineData(@"\W")]
    [InlineData(@"\S")]
    [InlineData(".")]
    [InlineData("(?s:.)")]
    [InlineData(@"\p{Lu}")]
    [InlineData(@"\P{L}")]
    [InlineData(@"(?i)\p{Lu}")]
    [InlineData(@"\p{IsCyrillic}")]
    [InlineData(@"\p{Nd}")]
    [InlineData(@"[\p{L}-[\p{IsBasicLatin}]]")]
    [InlineData("[a-z-[aeiou]]")]
    [InlineData("[a-z-[d-w-[m-o]]]")]
    [InlineData("[^a-c]")]
    [InlineData("[]a]")]
    [InlineData("[^]a]")]
    [InlineData("[a-]")]
    [InlineData("[-a]")]
    [InlineData("[--a]")]
    [InlineData("[a[-c]")]
    [InlineData(@"[a\-z]")]
    [InlineData(@"[\]\-\[]")]
    [InlineData(@"[\d-[3-5]]")]
    [InlineData(@"[+--]")]
    [InlineData(@"[[-a]")]
    [InlineData("[^-[b]")]
    [InlineData(@"[\b\t]")]
    [InlineData(@"[\x41-\x43\u00e9\cA\e\a\v]")]
    [InlineData(@"[\101-\103]")]
    [InlineData("(?i)[k-s]")]
    [InlineData("(?i)k")]
    [InlineData("(?i)\u00df")]
    [InlineData("(?i)İ")]
    [InlineData("(?i)i")]
    [InlineData("(?i)[^ω]")]
    [InlineData("(?x)[a #]")]
    [InlineData(@"\#")]
    [InlineData(@"\060")]
    [InlineData(@"\cI")]
    [InlineData("{")]
    [InlineData("]")]
    public void AClassHasTheCharactersThatItHasInDotNet(string pattern)
    {
        CharVocabulary vocabulary = s_firstPlane.Value;
        var regex = PatternTexts.Whole(pattern);
        // What stands after it shows where it ends.
        PatternAutomaton automaton = PatternTexts.Compile(pattern + "-]z", vocabulary);
        int any = 0;
        foreach (Rune character in vocabulary.Characters)
        {
            bool expected = regex.IsMatch(character.ToString());
            any += expected ? 1 : 0;
            Assert.True(expected == PatternTexts.Accepts(automaton, character + "-]z"), $"U+{character.Value:X4}: .NET says {expected}");
        }

        Assert.NotEqual(0, any);
    }

    // A character above U+FFFF is two UTF-16 units, here as in .NET.
    [Theory]
    [InlineData("..", true)]
    [InlineData(".", false)]
    [InlineData("[^a]{2}", true)]
    [InlineData("😀", true)]
    [InlineData("a|😀", true)]
    [InlineData("(?:😀)*", true)]
    [InlineData("😁", false)]
    [InlineData(@"\uD83D[\uDE00-\uDE4F]", true)]
    [InlineData(@"\p{Cs}{2}", true)]
    [InlineData(@"\p{So}", false)]
    public void ACharacterAboveTheFirstPlaneIsTwoUnits(string pattern, bool matches)
    {
        Assert.Equal(matches, PatternTexts.Whole(pattern).IsMatch("😀"));
        Assert.Equal(matches, PatternTexts.Accepts(PatternTexts.Compile(pattern, PatternTexts.Vocabulary("a😀😁")), "😀"));
    }

    /// <summary>No set tells a line feed from other characters here; the anchors do.</summary>
    [Theory]
    [InlineData("(?ms).$.^.", "a\nb", "abb", "a\n\n")]
    [InlineData(@"(?s).\Z.", "a\n", "ab", "\n\n")]
    [InlineData("(?ms)^..$..", "ab\nb", "abba", "aaaa")]
    public void AnchorsKnowLineFeeds(string pattern, params string[] texts)
    {
        PatternAutomaton automaton = PatternTexts.Compile(pattern, PatternTexts.Vocabulary("ab\n"));
        foreach (string text in texts)
            Assert.Equal(PatternTexts.Whole(pattern).IsMatch(text), PatternTexts.Accepts(automaton, text));
        Assert.True(PatternTexts.Accepts(automaton, texts[0]));
    }

    private static IEnumerable<(string Pattern, PatternAutomaton Automaton)> RandomAutomata(
        Random random, CharVocabulary vocabulary, string characters, int count, int depth)
    {
        var patterns = new RandomPatterns(random, characters);
        for (int i = 0; i < count; i++)
        {
            string pattern = patterns.Next(depth);
            if (PatternTexts.DotNet(pattern) is not null && TryCompile(pattern, vocabulary) is { } automaton)
                yield return (pattern, automaton);
        }
    }

    /// <summary>Some random patterns need too many states.</summary>
    private static PatternAutomaton? TryCompile(string pattern, CharVocabulary vocabulary)
    {
        try
        {
            return PatternTexts.Compile(pattern, vocabulary);
        }
        catch (PatternException e) when (e.Message.Contains("states", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static string RandomText(Random random, CharVocabulary vocabulary) =>
        string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => vocabulary.Characters[random.Next(vocabulary.Characters.Count)]));

    private static string Change(string text, Random random, CharVocabulary vocabulary)
    {
        List<Rune> characters = [.. text.EnumerateRunes()];
        Rune other = vocabulary.Characters[random.Next(vocabulary.Characters.Count)];
        int place = random.Next(characters.Count + 1);
        if (place == characters.Count || random.Next(2) == 0)
            characters.Insert(place, other);
        else
            characters[place] = other;
        return string.Concat(characters);
    }

    /// <summary>Counts texts, and holds the automaton to .NET's opinions.</summary>
    private sealed class Tally
    {
        private int _matches, _others, _disputed;

        public void Add(string pattern, string text, bool accepted, bool[] opinions)
        {
            Assert.True(opinions.Length == 0 || opinions.Contains(accepted),
                $"'{PatternTexts.Show(pattern)}' on '{PatternTexts.Show(text)}': it is {accepted}, and for .NET it is not");
            _disputed += opinions.Distinct().Count() > 1 ? 1 : 0;
            if (accepted)
                _matches++;
            else
                _others++;
        }

        /// <summary>Most texts must be beyond dispute, and many of each kind.</summary>
        public void Check()
        {
            Assert.True(_disputed < (_matches + _others) / 500, $"{_disputed} disputed");
            Assert.True(_matches > 1000 && _others > 1000, $"{_matches} matches, {_others} others");
        }
    }
}
