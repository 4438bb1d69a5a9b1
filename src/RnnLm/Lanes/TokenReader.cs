using System.Buffers;
using System.Text;
using RnnLm.Text;

namespace RnnLm.Lanes;

/// <summary>Reads a framed text token by token, so that a long one is never held as ids.</summary>
internal sealed class TokenReader
{
    private readonly CharVocabulary _vocabulary;
    private readonly Segment[] _segments;
    private LineEnds _lineEnds;
    private int _segment, _offset;
    private bool _anyCharacter;

    private TokenReader(CharVocabulary vocabulary, params Segment[] segments)
    {
        _vocabulary = vocabulary;
        _segments = segments;
        _lineEnds = new LineEnds(vocabulary);
    }

    /// <summary>Gets the token read last.</summary>
    public int Id { get; private set; }

    /// <summary>Gets whether the token read last stands for a character of the text, not of its frame.</summary>
    public bool IsCharacter { get; private set; }

    /// <summary>Gets whether the probability of the token read last counts.</summary>
    public bool IsCounted { get; private set; }

    /// <summary>Gets the index in its string of the character read last.</summary>
    public int Position { get; private set; }

    /// <summary>Gets the number of characters read so far that are not in the vocabulary.</summary>
    public int UnknownCharacters { get; private set; }

    /// <summary>Gets how many of them are of the text whose probability counts, and not of what comes before it.</summary>
    public int UnknownCounted { get; private set; }

    /// <summary>Reads all that comes before the first character that is written.</summary>
    public static TokenReader ForPrompt(TextFraming framing, ReadOnlyMemory<char> prompt) => new(framing.Vocabulary,
        new(framing.BeforePrompt),
        new(prompt),
        new(framing.Opening) { OnlyWithoutCharacters = true },
        new(framing.AfterPrompt));

    /// <summary>Reads a text to be scored: first what it follows, then the text and its end, counted.</summary>
    public static TokenReader ForScore(TextFraming framing, ReadOnlyMemory<char> context, ReadOnlyMemory<char> text) =>
        new(framing.Vocabulary,
        new(framing.BeforePrompt),
        new(context),
        new(framing.AfterPrompt),
        new(text) { IsCounted = true },
        new(framing.EndId is int end ? [end] : []) { IsCounted = true, Position = text.Length });

    /// <summary>Reads a text to be encoded; what frames it is read where there is nothing else.</summary>
    public static TokenReader ForEncoding(TextFraming framing, ReadOnlyMemory<char> text) => new(framing.Vocabulary,
        new(framing.BeforePrompt),
        new(text),
        new(framing.Opening) { OnlyWithoutCharacters = true },
        new(framing.AfterPrompt) { OnlyWithoutCharacters = true });

    /// <summary>Reads the next token, or says that there is none.</summary>
    /// <exception cref="ArgumentException">A character is unknown, and the vocabulary's policy is
    /// <see cref="UnknownCharacterPolicy.Throw"/>.</exception>
    public bool MoveNext()
    {
        // Line ends of one segment do not reach into the next.
        for (; _segment < _segments.Length; _segment++, _offset = 0, _lineEnds.EndPart())
        {
            ref readonly Segment segment = ref _segments[_segment];
            bool found = segment.Ids is null ? ReadCharacter(segment) : !(segment.OnlyWithoutCharacters && _anyCharacter)
                && ReadId(segment);
            if (!found)
                continue;
            IsCounted = segment.IsCounted;
            return true;
        }

        return false;
    }

    private bool ReadId(in Segment segment)
    {
        if (_offset == segment.Ids!.Length)
            return false;
        Id = segment.Ids[_offset++];
        Position = segment.Position;
        IsCharacter = false;
        return true;
    }

    private bool ReadCharacter(in Segment segment)
    {
        ReadOnlySpan<char> text = segment.Text.Span;
        while (_offset < text.Length)
        {
            Position = _offset;
            OperationStatus status = Rune.DecodeFromUtf16(text[_offset..], out Rune character, out int length);
            if (status != OperationStatus.Done)
                (character, length) = (Rune.ReplacementChar, 1);
            _offset += length;
            if (!_lineEnds.Read(ref character) || !TryEncode(character, segment))
                continue;
            IsCharacter = true;
            _anyCharacter = true;
            return true;
        }

        return false;
    }

    private bool TryEncode(Rune character, in Segment segment)
    {
        if (_vocabulary.TryGetId(character, out int id))
        {
            Id = id;
            return true;
        }

        UnknownCharacters++;
        UnknownCounted += segment.IsCounted ? 1 : 0;
        if (_vocabulary.UnknownCharacters == UnknownCharacterPolicy.Throw)
            _vocabulary.Encode(segment.Text.Span);   // says which character, and where
        Id = _vocabulary.UnknownId ?? -1;
        return Id >= 0;
    }

    /// <summary>A part of what is read: given ids, or text.</summary>
    private readonly record struct Segment(int[]? Ids, ReadOnlyMemory<char> Text = default)
    {
        public Segment(ReadOnlyMemory<char> text)
            : this(null, text)
        {
        }

        public bool IsCounted { get; init; }

        public bool OnlyWithoutCharacters { get; init; }

        public int Position { get; init; }
    }
}
