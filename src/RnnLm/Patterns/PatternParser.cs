using System.Globalization;
using System.Text.RegularExpressions;

namespace RnnLm.Patterns;

/// <summary>
/// Reads the regular part of .NET's regular expressions. .NET reads a pattern first, so that its syntax is checked by .NET alone, with
/// .NET's message; here it is only cut into its parts. What no finite automaton can follow is refused by name.
/// </summary>
internal sealed partial class PatternParser
{
    /// <summary>
    /// Groups and subtractions may be nested so deeply: enough for any pattern written by hand, and far below what a thread's stack holds.
    /// </summary>
    private const int MostNested = 250;

    private const RegexOptions Invariant = RegexOptions.CultureInvariant;

    private readonly string _pattern;
    private readonly HashSet<int> _groups;
    private int _position, _depth;
    private bool _ignoreCase, _multiline, _singleLine, _freeSpacing;

    private PatternParser(string pattern, Regex regex) => (_pattern, _groups) = (pattern, [.. regex.GetGroupNumbers()]);

    private bool AtEnd => _position == _pattern.Length;

    private char Current => _pattern[_position];

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="PatternException">
    /// It is no regular expression, or one with a part that is not regular; the message says which, and where.
    /// </exception>
    public static PatternNode Parse(string pattern)
    {
        // .NET's own parser calls itself at each subtraction, without a bound.
        if (Occurrences(pattern, "-[") > MostNested && Occurrences(pattern, "]]") > MostNested)
            throw new PatternException($"has more than {MostNested} subtractions of character classes; write it with fewer");
        Regex regex;
        try
        {
            regex = new Regex(pattern, Invariant, Regex.InfiniteMatchTimeout);
        }
        catch (RegexParseException e)
        {
            throw new PatternException($"is not a regular expression: {e.Message.TrimEnd('.')}", e);
        }

        return new PatternParser(pattern, regex).ReadChoice();
    }

    private static int Occurrences(string text, string searched) => text.AsSpan().Count(searched);

    private static PatternException Refused(string what, int offset) =>
        new($"has {what} at offset {offset}, which is not regular. Patterns may have characters, classes, groups, alternatives, "
            + "quantifiers and the anchors ^ $ \\A \\Z \\z");

    private PatternNode ReadChoice()
    {
        var choices = new List<PatternNode>();
        var parts = new List<PatternNode>();
        while (true)
        {
            SkipBlank();
            if (AtEnd || Current is '|' or ')')
            {
                choices.Add(parts.Count == 1 ? parts[0] : new PatternNode.Sequence([.. parts]));
                parts.Clear();
                if (AtEnd || Current == ')')
                    return choices.Count == 1 ? choices[0] : new PatternNode.Choice(choices);
                _position++;
            }
            else if (ReadPart() is { } part)
            {
                parts.Add(ReadQuantifier(part));
            }
        }
    }

    /// <summary>Reads what a quantifier may follow, or nothing where options are set.</summary>
    private PatternNode? ReadPart()
    {
        int start = _position++;
        switch (_pattern[start])
        {
            case '(':
                return ReadGroup(start);
            case '\\':
                return ReadEscape(start);
            case '[':
                SkipClass(1);
                return Unit(start);
            case '^':
                return new PatternNode.Anchor(_multiline ? PatternAnchor.LineBeginning : PatternAnchor.Beginning);
            case '$':
                return new PatternNode.Anchor(_multiline ? PatternAnchor.LineEnd : PatternAnchor.FinalLineEnd);
            case '.':
                return new PatternNode.Unit(new CharacterSet(".", false, _singleLine), start, 1);
            default:
                return new PatternNode.Unit(new CharacterSet(Regex.Escape(_pattern[start].ToString()), _ignoreCase, false), start, 1);
        }
    }

    private PatternNode.Unit Unit(int start) =>
        new(new CharacterSet(_pattern[start.._position], _ignoreCase, false), start, _position - start);

    private PatternNode ReadQuantifier(PatternNode part)
    {
        SkipBlank();
        Match match = Quantifier().Match(_pattern, _position);
        if (!match.Success)
            return part;
        _position += match.Length;
        SkipBlank();
        // A lazy quantifier matches the same texts.
        if (!AtEnd && Current == '?')
            _position++;
        (int least, int? most) = match.Value switch
        {
            "*" => (0, (int?)null),
            "+" => (1, null),
            "?" => (0, 1),
            _ when !match.Groups["comma"].Success => (Number(match.Groups["least"]), Number(match.Groups["least"])),
            _ => (Number(match.Groups["least"]), match.Groups["most"].Length > 0 ? Number(match.Groups["most"]) : (int?)null),
        };
        return new PatternNode.Repeat(part, least, most, match.Index, match.Value);

        static int Number(Group digits) => int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private PatternNode? ReadGroup(int start)
    {
        (bool, bool, bool, bool) options = (_ignoreCase, _multiline, _singleLine, _freeSpacing);
        Match match = GroupStart().Match(_pattern, _position);
        _position += match.Length;
        switch (match.Value)
        {
            case "?=":
                throw Refused("a look-ahead '(?='", start);
            case "?!":
                throw Refused("a look-ahead '(?!'", start);
            case "?<=":
                throw Refused("a look-behind '(?<='", start);
            case "?<!":
                throw Refused("a look-behind '(?<!'", start);
            case "?>":
                throw Refused("an atomic group '(?>'", start);
            case "?(":
                throw Refused("a condition '(?('", start);
        }

        if (match.Groups["name"] is { Success: true } name && name.Value.Contains('-'))
            throw Refused($"a balancing group '({match.Value}'", start);
        if (match.Groups["options"].Success)
        {
            SetOptions(match.Groups["options"].ValueSpan);
            if (match.Value[^1] == ')')
                return null;
        }

        if (++_depth > MostNested)
            throw new PatternException($"has groups nested more than {MostNested} deep at offset {start}");
        PatternNode inner = ReadChoice();
        _position++;
        _depth--;
        (_ignoreCase, _multiline, _singleLine, _freeSpacing) = options;
        return inner;
    }

    private void SetOptions(ReadOnlySpan<char> letters)
    {
        bool on = true;
        foreach (char letter in letters)
        {
            switch (char.ToLowerInvariant(letter))
            {
                case '-':
                    on = false;
                    break;
                case '+':
                    on = true;
                    break;
                case 'i':
                    _ignoreCase = on;
                    break;
                case 'm':
                    _multiline = on;
                    break;
                case 's':
                    _singleLine = on;
                    break;
                case 'x':
                    _freeSpacing = on;
                    break;
            }
        }
    }

    private PatternNode ReadEscape(int start)
    {
        switch (Current)
        {
            case 'A':
                _position++;
                return new PatternNode.Anchor(PatternAnchor.Beginning);
            case 'Z':
                _position++;
                return new PatternNode.Anchor(PatternAnchor.FinalLineEnd);
            case 'z':
                _position++;
                return new PatternNode.Anchor(PatternAnchor.End);
            case 'b' or 'B':
                throw Refused($"a word boundary '\\{Current}'", start);
            case 'G':
                throw Refused("the anchor '\\G'", start);
        }

        Match reference = BackReference().Match(_pattern, _position);
        // A number is a back-reference where there is such a group, and else the octal code of a character.
        bool isOctal = reference.Groups["number"] is { Success: true } digits
            && !(int.TryParse(digits.ValueSpan, out int number) && _groups.Contains(number));
        if (reference.Success && !isOctal)
            throw Refused($"a back-reference '\\{reference.Value}'", start);
        SkipEscape();
        return Unit(start);
    }

    private void SkipEscape() => _position += Escape().Match(_pattern, _position).Length;

    /// <summary>Goes to the end of a character class, which begins after its bracket.</summary>
    private void SkipClass(int depth)
    {
        if (depth > MostNested)
            throw new PatternException($"has subtractions nested more than {MostNested} deep at offset {_position}");
        bool isRange = false, isFirst = true;
        if (Current == '^')
            _position++;
        for (; ; isFirst = false)
        {
            char character = _pattern[_position++];
            bool isEscaped = character == '\\';
            if (character == ']' && !isFirst)
                return;
            if (isEscaped)
            {
                bool isSet = Current is 'd' or 'D' or 's' or 'S' or 'w' or 'W' or 'p' or 'P';
                bool isHyphen = Current == '-';
                SkipEscape();
                isRange &= !isHyphen;
                if (isSet || isHyphen)
                    continue;
            }

            bool opens = Current == '[' && character == '-' && !isEscaped && !isFirst;
            if (isRange)
            {
                isRange = false;
                if (character == '[' && !isEscaped && !isFirst)
                    SkipClass(depth + 1);
            }
            else if (Current == '-' && _pattern[_position + 1] != ']')
            {
                isRange = true;
                _position++;
            }
            else if (opens)
            {
                _position++;
                SkipClass(depth + 1);
            }
        }
    }

    /// <summary>Goes past comments, and past white space where the pattern asks for that.</summary>
    private void SkipBlank() => _position += (_freeSpacing ? BlankOrComment() : Comment()).Match(_pattern, _position).Length;

    [GeneratedRegex(@"\G(?:\*|\+|\?|\{(?<least>[0-9]+)(?<comma>,(?<most>[0-9]*))?\})", Invariant, Timeout.Infinite)]
    private static partial Regex Quantifier();

    [GeneratedRegex(
        @"\G(?:\?(?:[=!>(]|<[=!]|<(?<name>[^>]*)>|'(?<name>[^']*)'|(?<options>[imnsxIMNSX+-]*)[:)]))?", Invariant, Timeout.Infinite)]
    private static partial Regex GroupStart();

    [GeneratedRegex(@"\G(?:(?<number>[1-9][0-9]*)|k?(?:<[\w\u200C\u200D]+>|'[\w\u200C\u200D]+'))", Invariant, Timeout.Infinite)]
    private static partial Regex BackReference();

    [GeneratedRegex(
        @"\G(?:[pP]\{[^}]*\}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|c.|[0-7]{1,3}|.)", RegexOptions.Singleline | Invariant, Timeout.Infinite)]
    private static partial Regex Escape();

    [GeneratedRegex(@"\G(?:\(\?#[^)]*\))*", Invariant, Timeout.Infinite)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\G(?:[\t\n\f\r ]+|#[^\n]*|\(\?#[^)]*\))*", Invariant, Timeout.Infinite)]
    private static partial Regex BlankOrComment();
}
