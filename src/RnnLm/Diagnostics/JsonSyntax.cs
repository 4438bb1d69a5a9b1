using System.Globalization;

namespace RnnLm.Diagnostics;

/// <summary>
/// Finds what keeps a text from being JSON (RFC 8259), for messages: the parser's own speak of its class and options. Half of a surrogate
/// pair is a fault too, since no text can hold it.
/// </summary>
internal sealed class JsonSyntax
{
    /// <summary>The number of lists and objects that there may be within one another, which is the parser's bound.</summary>
    public const int MostLevels = 64;

    private const char ByteOrderMark = '\uFEFF';

    private readonly string _json;
    private readonly bool _isLoose;
    private int _at;

    private JsonSyntax(string json, bool isLoose) => (_json, _isLoose) = (json, isLoose);

    private bool IsAtEnd => _at == _json.Length;

    private char Next => IsAtEnd ? '\0' : _json[_at];

    /// <summary>Finds the first fault.</summary>
    /// <param name="json">The text.</param>
    /// <param name="isLoose">Whether comments, and commas before the end of a list or an object, are no faults.</param>
    /// <returns>The fault; null where the text is JSON.</returns>
    public static JsonSyntaxFault? Find(string json, bool isLoose = false)
    {
        var syntax = new JsonSyntax(json, isLoose);
        string? problem = syntax.Value(0) ?? syntax.Space() ?? syntax.Rest();
        if (problem is null)
            return null;
        string before = json[..syntax._at];
        return new(before.Count(c => c == '\n') + 1, syntax._at - before.LastIndexOf('\n'), problem);
    }

    private string? Value(int level) => Space() ?? Next switch
    {
        '{' or '[' when level == MostLevels => "lists and objects stand within one another, more than "
            + $"{MostLevels.ToString(CultureInfo.InvariantCulture)} levels deep. Write the data with fewer levels",
        '{' => Object(level + 1),
        '[' => List(level + 1),
        '"' => JsonText.Pass(_json, ref _at),
        _ => JsonWord.Pass(_json, ref _at),
    };

    private string? Object(int level)
    {
        _at++;
        if (Space() is { } fault)
            return fault;
        bool isClosed = Next == '}';
        _at += isClosed ? 1 : 0;
        while (!isClosed)
        {
            if ((Name() ?? Space()) is { } name)
                return name;
            if (Next != ':')
                return "a colon is missing after a name";
            _at++;
            if ((Value(level) ?? Space() ?? Close('{', '}', "member", out isClosed)) is { } end)
                return end;
        }

        return null;
    }

    private string? List(int level)
    {
        _at++;
        if (Space() is { } fault)
            return fault;
        bool isClosed = Next == ']';
        _at += isClosed ? 1 : 0;
        while (!isClosed)
        {
            if ((Value(level) ?? Space() ?? Close('[', ']', "item", out isClosed)) is { } end)
                return end;
        }

        return null;
    }

    private string? Name()
    {
        if (Next == '"')
            return JsonText.Pass(_json, ref _at);
        string word = JsonWord.Read(_json, _at);
        return IsAtEnd ? "the '}' is missing that closes a '{'"
            : Next == ',' ? "there is a comma too many. Take it out"
            : Next == '\'' ? "a name stands in single quotes. Use double quotes"
            : word.Length > 0 ? $"a name stands without quotes. Write \"{word}\""
            : "there is no name. Write each member as a name in double quotes, a colon and a value";
    }

    /// <summary>Passes over what stands after an item: a comma, or the end of the list or object.</summary>
    private string? Close(char open, char close, string item, out bool isClosed)
    {
        isClosed = false;
        int comma = _at;
        if (Next == ',')
        {
            _at++;
            if (Space() is { } fault)
                return fault;
            if (Next != close)
                return null;
            if (!_isLoose)
            {
                _at = comma;
                return $"a comma stands before '{close}'. Take it out";
            }
        }

        isClosed = Next == close;
        if (!isClosed)
        {
            return IsAtEnd ? $"the '{close}' is missing that closes a '{open}'"
                : Next is '}' or ']' ? $"'{Next}' closes what '{open}' has opened. Write '{close}'"
                : $"a comma is missing before the next {item}";
        }

        _at++;
        return null;
    }

    /// <summary>Passes over what may stand between the parts.</summary>
    private string? Space()
    {
        for (; !IsAtEnd; _at++)
        {
            if (Next == '/' && _at + 1 < _json.Length && _json[_at + 1] is '/' or '*')
            {
                if (!_isLoose)
                    return "a comment begins, and JSON has none. Take it out";
                bool isLine = _json[_at + 1] == '/';
                int end = _json.IndexOf(isLine ? "\n" : "*/", _at + 2, StringComparison.Ordinal);
                if (end < 0 && !isLine)
                    return "a comment begins that has no end. Write */ after it";
                _at = end < 0 ? _json.Length - 1 : isLine ? end : end + 1;
            }
            else if (Next == ByteOrderMark)
                return "there is a byte order mark, which may stand at the start of a file only. Take it out";
            else if (Next is not (' ' or '\t' or '\n' or '\r'))
                return null;
        }

        return null;
    }

    private string? Rest() => IsAtEnd ? null
        : Next is '{' or '[' ? "another value begins after the end of the first. Put each in a line of its own"
        : $"'{Next}' follows after the end of the value. Take it out";
}
