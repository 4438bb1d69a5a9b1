using System.Collections.Concurrent;
using RnnLm.Text;

namespace RnnLm.Patterns;

/// <summary>The patterns asked for lately, compiled over one vocabulary. Safe for use by many threads.</summary>
internal sealed class PatternCache(CharVocabulary vocabulary)
{
    private const int MostKept = 64;

    /// <summary>The patterns that are kept have tables of so many numbers together: some hundred megabytes, which few patterns come
    /// near.</summary>
    private const long MostNumbers = 32_000_000;

    private readonly ConcurrentDictionary<(string Pattern, int MinLength), PatternGuide> _guides = new();

    /// <summary>Returns a pattern's guide.</summary>
    /// <param name="pattern">The regular expression.</param>
    /// <param name="minLength">The least number of characters that are written.</param>
    /// <exception cref="PatternException">It is no pattern, or needs too many states.</exception>
    public PatternGuide Get(string pattern, int minLength)
    {
        if (_guides.TryGetValue((pattern, minLength), out PatternGuide? guide))
            return guide;
        PatternAutomaton automaton = _guides.FirstOrDefault(entry => entry.Key.Pattern == pattern).Value?.Automaton
            ?? PatternAutomaton.Compile(PatternParser.Parse(pattern), vocabulary);
        guide = new PatternGuide(automaton, minLength);
        // Rows with a pattern each fill it with what nobody asks for again.
        if (_guides.Count >= MostKept || _guides.Values.Sum(kept => kept.Numbers) + guide.Numbers > MostNumbers)
            _guides.Clear();
        return _guides.GetOrAdd((pattern, minLength), guide);
    }
}
