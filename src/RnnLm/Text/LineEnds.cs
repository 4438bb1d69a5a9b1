using System.Text;

namespace RnnLm.Text;

/// <summary>
/// The one rule for line ends, in training and in use: a model that does not know the carriage return reads CRLF and CR as a line feed. So
/// a text is the same text wherever it was written. Used for one text from its start to its end.
/// </summary>
internal struct LineEnds
{
    private static readonly Rune Return = new('\r'), Feed = new('\n');

    private bool _followsReturn;

    /// <param name="areKept">Whether all characters are read as they are.</param>
    public LineEnds(bool areKept) => AreKept = areKept;

    /// <param name="vocabulary">The vocabulary of the model that reads the text.</param>
    public LineEnds(CharVocabulary vocabulary)
        : this(vocabulary.TryGetId(Return, out _))
    {
    }

    /// <summary>Gets whether all characters are read as they are.</summary>
    public bool AreKept { get; }

    /// <summary>Gets the number of line ends that became a line feed.</summary>
    public long Changed { get; private set; }

    /// <summary>Ends a part of the text: no line end reaches into the next.</summary>
    public void EndPart() => _followsReturn = false;

    /// <summary>Reads the next character.</summary>
    /// <param name="character">The character; then what it is read as.</param>
    /// <returns>Whether it is read: the line feed after a carriage return is a part of the same line end.</returns>
    public bool Read(ref Rune character)
    {
        bool isRest = _followsReturn && character == Feed;
        _followsReturn = !AreKept && character == Return;
        if (!_followsReturn)
            return !isRest;
        character = Feed;
        Changed++;
        return true;
    }

    /// <summary>Reads the next piece of the text.</summary>
    /// <returns>What it is read as: the piece itself where there is nothing to change.</returns>
    public ReadOnlySpan<char> Read(ReadOnlySpan<char> text)
    {
        if (AreKept || (!_followsReturn && !text.Contains('\r')))
            return text;
        char[] read = new char[text.Length];
        int length = 0;
        foreach (char c in text)
        {
            // Line ends are no part of a surrogate pair, which passes in halves.
            Rune character = char.IsSurrogate(c) ? Rune.ReplacementChar : new Rune(c);
            if (Read(ref character))
                read[length++] = char.IsSurrogate(c) ? c : (char)character.Value;
        }

        return read.AsSpan(0, length);
    }
}
