using System.Runtime.InteropServices;
using System.Text;

namespace RnnLm.Cli;

/// <summary>Counts characters in a text that passes by, and knows its beginning.</summary>
/// <param name="beginning">The characters of the beginning that are remembered.</param>
internal sealed class CharacterCounter(int beginning)
{
    private readonly Dictionary<Rune, long> _counts = [];
    private readonly List<TextRow> _beginning = [];

    public long Total { get; private set; }

    /// <summary>Gets whether there was more than the beginning.</summary>
    public bool IsCut => Total > beginning;

    /// <summary>Gets the first rows, the last of them cut where there was more.</summary>
    public IReadOnlyList<TextRow> Beginning => _beginning;

    public void Add(TextRow row)
    {
        long room = beginning - Total;
        Count(row.Text.Span);
        Count(row.Target.Span);
        // A row's text is valid until the next is asked for.
        if (room > 0)
            _beginning.Add(row.IsPair ? TextRow.Pair(Head(row.Text, room), Head(row.Target, room), row.Condition) : TextRow.Row(Head(row.Text, room), row.Condition));
    }

    public VocabularyCounts For(CharVocabulary vocabulary, string source)
    {
        CharacterCount[] known = [.. vocabulary.Characters.Select(c => new CharacterCount(c.ToString(), $"U+{c.Value:X4}", _counts.GetValueOrDefault(c))).OrderByDescending(c => c.Count)];
        return new(source, Total, Total - known.Sum(c => c.Count), known);
    }

    public static VocabularyCounts None(CharVocabulary vocabulary) =>
        new CharacterCounter(0).For(vocabulary, "") with { Source = null };

    private void Count(ReadOnlySpan<char> text)
    {
        foreach (Rune character in text.EnumerateRunes())
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, character, out _)++;
            Total++;
        }
    }

    private static ReadOnlyMemory<char> Head(ReadOnlyMemory<char> text, long characters)
    {
        int length = 0;
        foreach (Rune character in text.Span.EnumerateRunes())
        {
            if (characters-- == 0)
                break;
            length += character.Utf16SequenceLength;
        }

        return text[..length].ToArray();
    }
}
