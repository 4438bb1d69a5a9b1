using System.Text;
using RnnLm.Data;
using RnnLm.Text;

namespace RnnLm.Scoring;

/// <summary>A running text that comes in rows, cut into pieces that can be scored side by side.</summary>
/// <param name="vocabulary">The vocabulary of the model that is to read them.</param>
internal sealed class RunningText(CharVocabulary vocabulary)
{
    private const int PieceLength = RunningTextBatches.PieceLength, ContextLength = RunningTextBatches.ContextLength;

    private readonly StringBuilder _held = new();
    private LineEnds _lineEnds = new(vocabulary);
    private int _context;

    /// <summary>Gets the number of characters left out so far, since the model neither knows them nor has a token for them.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Cuts the text into pieces, each with the text before it as its context.</summary>
    /// <param name="rows">The text; the memory of each is read before the next is asked for.</param>
    /// <param name="separator">What stands between two rows.</param>
    public IEnumerable<ScoreRequest> Pieces(IEnumerable<TextRow> rows, string separator)
    {
        bool first = true;
        foreach (TextRow row in rows)
        {
            if (!first && separator.Length > 0)
            {
                // The line feed between two rows is none of a line end within one.
                _lineEnds.EndPart();
                Append(separator);
                _lineEnds.EndPart();
            }

            first = false;
            Append(row.Text.Span);
            while (_held.Length - _context > PieceLength)
                yield return Cut(PieceLength);
        }

        if (_held.Length > _context)
            yield return Cut(_held.Length - _context);
    }

    private void Append(ReadOnlySpan<char> text)
    {
        text = _lineEnds.Read(text);
        if (vocabulary.UnknownCharacters != UnknownCharacterPolicy.Skip)
        {
            _held.Append(text);
            return;
        }

        // A context has to be something that the model reads.
        Span<char> buffer = stackalloc char[2];
        foreach (Rune character in text.EnumerateRunes())
        {
            if (vocabulary.TryGetId(character, out _))
                _held.Append(buffer[..character.EncodeToUtf16(buffer)]);
            else
                LeftOut++;
        }
    }

    private ScoreRequest Cut(int length)
    {
        length += _context + length < _held.Length && char.IsHighSurrogate(_held[_context + length - 1]) ? 1 : 0;
        string text = _held.ToString(0, _context + length);
        var request = new ScoreRequest(text.AsMemory(_context), text.AsMemory(0, _context));
        int kept = Math.Min(ContextLength, text.Length);
        kept -= kept < text.Length && char.IsLowSurrogate(text[^kept]) ? 1 : 0;
        _held.Remove(0, text.Length - kept);
        _context = kept;
        return request;
    }
}
