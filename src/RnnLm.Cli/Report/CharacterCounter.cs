using System.Runtime.InteropServices;
using System.Text;
using RnnLm.Text;

namespace RnnLm.Cli.Report;

/// <summary>Counts characters in a text that passes by, and knows its beginning.</summary>
/// <param name="beginning">The characters of the beginning that are remembered.</param>
/// <param name="vocabulary">The vocabulary of the model, by which line ends are read.</param>
/// <param name="mode">What the rows are to the model.</param>
internal sealed class CharacterCounter(int beginning, CharVocabulary vocabulary, DataMode mode)
{
    private LineEnds _lineEnds = new(vocabulary);
    private readonly Dictionary<Rune, long> _counts = [];
    private readonly List<TextRow> _beginning = [];

    public long Total { get; private set; }

    /// <summary>Gets whether there was more than the beginning.</summary>
    public bool IsCut => Total > beginning;

    /// <summary>Gets the first rows, the last of them cut where there was more.</summary>
    public IReadOnlyList<TextRow> Beginning => _beginning;

    public void Add(TextRow row)
    {
        // The rows of a running text are one text.
        if (mode != DataMode.Stream)
            _lineEnds = new LineEnds(vocabulary);
        long room = beginning - Total;
        ReadOnlySpan<char> text = _lineEnds.Read(row.Text.Span), target = _lineEnds.Read(row.Target.Span);
        Count(text);
        Count(target);
        // A row's text is valid until the next is asked for.
        if (room > 0)
            _beginning.Add(row.IsPair
                ? TextRow.Pair(Head(text, room), Head(target, room), row.Condition)
                : TextRow.Row(Head(text, room), row.Condition));
    }

    public VocabularyCounts For(string source)
    {
        CharacterCount[] known = [.. vocabulary.Characters.Select(c =>
            new CharacterCount(c.ToString(), $"U+{c.Value:X4}", _counts.GetValueOrDefault(c))).OrderByDescending(c => c.Count)];
        return new(source, Total, Total - known.Sum(c => c.Count), known);
    }

    public static VocabularyCounts None(CharVocabulary vocabulary) =>
        new CharacterCounter(0, vocabulary, DataMode.Rows).For("") with { Source = null };

    private void Count(ReadOnlySpan<char> text)
    {
        foreach (Rune character in text.EnumerateRunes())
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, character, out _)++;
            Total++;
        }
    }

    private static ReadOnlyMemory<char> Head(ReadOnlySpan<char> text, long characters)
    {
        int length = 0;
        foreach (Rune character in text.EnumerateRunes())
        {
            if (characters-- == 0)
                break;
            length += character.Utf16SequenceLength;
        }

        return text[..length].ToArray();
    }
}
