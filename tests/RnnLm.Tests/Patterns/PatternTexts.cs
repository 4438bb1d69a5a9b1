using System.Text;
using System.Text.RegularExpressions;
using RnnLm.Patterns;
using RnnLm.Text;

namespace RnnLm.Tests.Patterns;

/// <summary>What the tests of patterns share: automata, .NET's own opinion, and texts.</summary>
internal static class PatternTexts
{
    public static CharVocabulary Vocabulary(string characters, bool startAndEnd = false) =>
        new(characters.EnumerateRunes(), UnknownCharacterPolicy.Token, startAndEnd);

    public static PatternAutomaton Compile(string pattern, CharVocabulary vocabulary) =>
        PatternAutomaton.Compile(PatternParser.Parse(pattern), vocabulary);

    public static Regex Whole(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);

    /// <summary>
    /// Returns .NET's opinions of a text, or null for what is no pattern. Both of its engines are asked, because each has faults with
    /// nested repeats of nothing: the usual one matches ^(?:(?:[^a]{0,2})*?b){2}$ with "cb", and takes ages for others; the linear one
    /// refuses large patterns. A line feed ends the comment that a pattern may end with.
    /// </summary>
    public static Func<string, bool[]>? DotNet(string pattern)
    {
        string whole = $@"\A(?:{pattern}{(pattern.StartsWith("(?x)", StringComparison.Ordinal) ? "\n" : "")})\z";
        if (TryMake(whole, RegexOptions.None, TimeSpan.FromMilliseconds(100)) is not { } usual)
            return null;
        List<Regex> engines = [usual];
        if (TryMake(whole, RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout) is { } linear)
            engines.Insert(0, linear);
        return text =>
        {
            try
            {
                return [.. engines.Select(engine => engine.IsMatch(text))];
            }
            catch (RegexMatchTimeoutException)
            {
                // It is not asked about this pattern any more. The other engine takes no longer than the text is.
                engines.Remove(usual);
                return [.. engines.Select(engine => engine.IsMatch(text))];
            }
        };
    }

    /// <summary>Shows a text in ASCII.</summary>
    public static string Show(string text) =>
        string.Concat(text.Select(unit => unit is >= ' ' and <= '~' ? unit.ToString() : $"\\u{(int)unit:X4}"));

    public static int Walk(PatternAutomaton automaton, string text)
    {
        int state = automaton.Start;
        foreach (Rune character in text.EnumerateRunes())
        {
            Assert.True(automaton.Vocabulary.TryGetId(character, out int id));
            state = automaton.Next(state, id);
        }

        return state;
    }

    public static bool Accepts(PatternAutomaton automaton, string text) => automaton.IsAccepting(Walk(automaton, text));

    private static Regex? TryMake(string pattern, RegexOptions options, TimeSpan patience)
    {
        try
        {
            return new Regex(pattern, options | RegexOptions.CultureInvariant, patience);
        }
        catch (Exception e) when (e is RegexParseException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Returns all texts of up to so many characters.</summary>
    public static IEnumerable<string> All(CharVocabulary vocabulary, int maxLength)
    {
        IEnumerable<string> texts = [""];
        for (int length = 0; length <= maxLength; length++)
        {
            foreach (string text in texts)
                yield return text;
            texts = texts.SelectMany(text => vocabulary.Characters.Select(character => text + character));
        }
    }

    /// <summary>Returns the text that the automaton is led to by random choices among what may come.</summary>
    public static string? Random(PatternAutomaton automaton, int maxLength, Random random)
    {
        int state = automaton.Start;
        if (automaton.Distance(state) > maxLength)
            return null;
        var text = new StringBuilder();
        for (int left = maxLength; ; left--)
        {
            IEnumerable<int> ids = Enumerable.Range(0, automaton.Vocabulary.Size);
            int[] allowed = [.. ids.Where(id => automaton.Distance(automaton.Next(state, id)) < left)];
            if (automaton.IsAccepting(state) && (allowed.Length == 0 || random.Next(4) == 0))
                return text.ToString();
            int token = allowed[random.Next(allowed.Length)];
            text.Append(automaton.Vocabulary.GetCharacter(token));
            state = automaton.Next(state, token);
        }
    }
}
