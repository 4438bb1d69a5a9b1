using RnnLm.Diagnostics;
using RnnLm.Patterns;

namespace RnnLm.Drawing;

/// <summary>Finds where texts begin in a pattern, and says why none could match it.</summary>
internal static class PatternStart
{
    private const int MostQuoted = 100;

    // Options are checked at each call, and mostly have the pattern that they had at the last.
    private static volatile string? s_sound;

    /// <summary>Returns what is wrong with a pattern whatever the model, or null.</summary>
    public static string? FindFault(string pattern)
    {
        if (pattern == s_sound)
            return null;
        try
        {
            PatternProgram.Compile(PatternParser.Parse(pattern));
            s_sound = pattern;
            return null;
        }
        catch (PatternException e)
        {
            return e.Message;
        }
    }

    /// <summary>Returns a pattern or a text for use in a message.</summary>
    public static string Quote(ReadOnlySpan<char> text)
    {
        if (text.Length <= MostQuoted)
            return $"'{text}'";
        int length = char.IsHighSurrogate(text[MostQuoted - 1]) ? MostQuoted - 1 : MostQuoted;
        return $"'{text[..length]}…'";
    }

    /// <summary>Returns where a text begins.</summary>
    /// <param name="settings">What all texts of a run have in common.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="before">What stands before the text and is matched too.</param>
    /// <param name="maxLength">The most characters to write.</param>
    /// <param name="faults">Is told why no text can match.</param>
    /// <param name="row">Which text it is, for the message, with a space behind; or empty.</param>
    public static PatternPlace? Find(
        SamplingSettings settings, string pattern, ReadOnlySpan<char> before, int maxLength, OptionFaults faults, string row)
    {
        int minLength = Math.Min(settings.Options.MinLength, maxLength);
        PatternPlace place;
        PatternGuide guide;
        try
        {
            guide = settings.Framing.Patterns.Get(pattern, minLength);
            place = guide.Read(before);
        }
        catch (PatternException e)
        {
            Refuse($"{e.Message}");
            return null;
        }

        string text = Quote(before), after = before.IsEmpty ? "" : $" after {text}";
        OptionId minimum = faults[nameof(SamplingOptions.MinLength)], maximum = faults[nameof(SamplingOptions.MaxLength)];
        int needed = place.Guide.Distance(place.State, 0);
        if (place.State == PatternAutomaton.Dead && before.IsEmpty)
            Refuse($"can't be matched: {guide.Automaton.DescribeMissing()}");
        else if (place.State == PatternAutomaton.Dead)
            Refuse($"can't be matched by a text that begins with {text}");
        else if (needed == PatternAutomaton.Never)
            Refuse($"has no text of at least {Counted.Of(minLength, "character")}{after}, which {minimum} asks for");
        else if (needed > maxLength)
            Refuse($"needs at least {Counted.Of(needed, "character")}{after}, but {maximum} is {maxLength}");
        return place;

        void Refuse(OptionMessage fault) => faults.Add(faults[nameof(SamplingOptions.Pattern)], $"{Quote(pattern)} {row}{fault}");
    }
}
