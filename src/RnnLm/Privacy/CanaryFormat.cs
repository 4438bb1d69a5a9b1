using System.Text;
using RnnLm.Numerics;

namespace RnnLm;

/// <summary>
/// The form of canaries: text with random characters in it, written as in a regular expression. <c>[0-9]</c> stands for one of the
/// characters, <c>[0-9]{6}</c> for six of them, each drawn by itself. Other characters stand for themselves. Those that mean something
/// else in a regular expression, <c>. * + ? ( ) | ^ $ [ {</c> and the backslash, have a backslash before them. <c>\t</c> is a tab. There is
/// nothing else: no alternatives, and no classes such as <c>\d</c>.
/// </summary>
/// <example><c>customer [0-9]{6}-[A-F]</c></example>
public sealed class CanaryFormat
{
    private const int MaxLength = 1000;

    private const string Forms = "A format has text, classes such as [0-9], classes with a number such as [0-9]{6}, and \\t for a tab";

    // What they mean in a regular expression is not in a format, so that one that has them would hardly be what is meant.
    private const string Operators = ".*+?()|^$";

    private readonly Rune[][] _choices;

    private CanaryFormat(string text, Rune[][] choices) => (Text, _choices) = (text, choices);

    /// <summary>Gets the format as it was written.</summary>
    public string Text { get; }

    /// <summary>Gets the number of texts of the format, |R|; above 2^53 not to the last digit.</summary>
    public double Combinations => _choices.Aggregate(1.0, (product, choices) => product * choices.Length);

    /// <summary>Gets the binary logarithm of <see cref="Combinations"/>: the highest exposure that there is.</summary>
    public double Bits => _choices.Sum(choices => Math.Log2(choices.Length));

    /// <summary>Reads a format.</summary>
    /// <param name="text">The format.</param>
    /// <returns>What it stands for.</returns>
    /// <exception cref="FormatException">It is not one; the message says why.</exception>
    public static CanaryFormat Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var choices = new List<Rune[]>();
        Rune[] characters = [.. text.EnumerateRunes()];
        for (int at = 0; at < characters.Length;)
        {
            if (characters[at].Value == '{')
                throw Fault(at, "a number in braces follows a class in brackets: '[0-9]{6}'. For a brace itself, write '\\{'");
            if (Operators.Contains((char)Math.Min(characters[at].Value, char.MaxValue), StringComparison.Ordinal))
                throw Fault(at, $"'{characters[at]}' stands alone. {Forms}; for the character itself, write '\\{characters[at]}'");
            if (characters[at].Value != '[')
            {
                choices.Add([Literal(ref at)]);
                continue;
            }

            Rune[] options = Class(ref at);
            int times = Times(ref at);
            if (choices.Count + times > MaxLength)
                throw Fault(at - 1, $"a canary has at most {MaxLength:N0} characters");
            choices.AddRange(Enumerable.Repeat(options, times));
        }

        return choices.Any(options => options.Length > 1) ? new(text, [.. choices])
            : throw new FormatException($"'{text}' has no random part. Write one as in 'my number is [0-9]{{6}}'.");

        Rune Literal(ref int at)
        {
            if (characters[at].Value != '\\')
                return characters[at++];
            if (at + 1 == characters.Length)
                throw Fault(at, "nothing follows the backslash");
            Rune escaped = characters[at + 1];
            // A letter after a backslash is a class or a place in a regular expression: \d is any digit.
            if (escaped.Value is not ('t' or 'n') && Rune.IsLetterOrDigit(escaped))
                throw Fault(at, $"'\\{escaped}' is not known. {Forms}");
            at += 2;
            return escaped.Value switch { 't' => new Rune('\t'), 'n' => throw Fault(at - 1, "a canary is one row, and has no line ends"),
                _ => escaped };
        }

        Rune[] Class(ref int at)
        {
            int begin = at++;
            if (at < characters.Length && characters[at].Value == '^')
                throw Fault(at, "a class can't name the characters that it does not have. For the character itself, write '\\^'");
            var options = new SortedSet<Rune>();
            while (at < characters.Length && characters[at].Value != ']')
            {
                Rune first = Literal(ref at), last = first;
                if (at + 1 < characters.Length && characters[at].Value == '-' && characters[at + 1].Value != ']')
                {
                    at++;
                    last = Literal(ref at);
                    if (last < first)
                        throw Fault(at - 1, $"the range {first}-{last} runs backwards");
                }

                for (int value = first.Value; value <= last.Value; value++)
                {
                    if (Rune.IsValid(value))
                        options.Add(new Rune(value));
                }
            }

            if (at++ >= characters.Length)
                throw Fault(begin, "the bracket is not closed. For a bracket itself, write '\\['");
            return options.Count > 0 ? [.. options] : throw Fault(begin, "there is no character in the brackets");
        }

        int Times(ref int at)
        {
            if (at == characters.Length || characters[at].Value != '{')
                return 1;
            int close = Array.FindIndex(characters, at, character => character.Value == '}');
            string number = close < 0 ? "" : string.Concat(characters[(at + 1)..close]);
            if (!int.TryParse(number, System.Globalization.NumberStyles.None, null, out int times) || times is < 1 or > MaxLength)
                throw Fault(at, $"there should be a number from 1 to {MaxLength:N0} and a closing brace, as in '[0-9]{{6}}'");
            at = close + 1;
            return times;
        }

        FormatException Fault(int at, string problem) => new($"'{text}' is not the format of a canary: at character {at + 1}, {problem}.");
    }

    /// <summary>Says whether a text is of the format.</summary>
    /// <param name="text">The text.</param>
    public bool Matches(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Rune[] characters = [.. text.EnumerateRunes()];
        return characters.Length == _choices.Length && characters.Zip(_choices, (character, choices) => choices.Contains(character))
            .All(matches => matches);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Returns the format with those of its characters that a model knows; its characters that are not random stay.</summary>
    /// <returns>The format, or null where a place has no character left.</returns>
    internal CanaryFormat? Keep(Func<Rune, bool> isKnown)
    {
        Rune[][] kept = [.. _choices.Select(choices => choices.Length == 1 ? choices : [.. choices.Where(isKnown)])];
        return kept.Any(choices => choices.Length == 0) ? null : new(Text, kept);
    }

    /// <summary>Gets the characters that every text of the format has at the same place.</summary>
    internal IEnumerable<Rune> Fixed => _choices.Where(choices => choices.Length == 1).Select(choices => choices[0]);

    /// <summary>Draws a text, each as likely.</summary>
    internal string Draw(ref CounterRandom random)
    {
        var text = new StringBuilder();
        foreach (Rune[] choices in _choices)
            text.Append(choices.Length == 1 ? choices[0].ToString() : choices[random.NextInt(choices.Length)].ToString());
        return text.ToString();
    }

    /// <summary>Returns all texts, one after the other.</summary>
    internal IEnumerable<string> All()
    {
        int[] places = new int[_choices.Length];
        while (true)
        {
            yield return string.Concat(places.Select((place, i) => _choices[i][place].ToString()));
            int at = places.Length - 1;
            while (at >= 0 && ++places[at] == _choices[at].Length)
                places[at--] = 0;
            if (at < 0)
                yield break;
        }
    }
}
