using System.Text;

namespace RnnLm.Privacy;

/// <summary>The characters of the compared rows, as numbers from 1. Any other character is 0, which equals nothing.</summary>
internal sealed class RowAlphabet
{
    private readonly Dictionary<int, int> _ids = [];
    private readonly int[] _ascii = new int[128];

    public RowAlphabet(IEnumerable<string> texts)
    {
        foreach (string text in texts)
        {
            foreach (Rune character in text.EnumerateRunes())
            {
                if (Find(character) > 0)
                    continue;
                int id = ++Size;
                if (character.IsAscii)
                    _ascii[character.Value] = id;
                else
                    _ids.Add(character.Value, id);
            }
        }
    }

    /// <summary>Gets the highest number.</summary>
    public int Size { get; private set; }

    public int Find(Rune character) => character.IsAscii ? _ascii[character.Value] : _ids.GetValueOrDefault(character.Value);

    public int[] Encode(string text)
    {
        var ids = new int[text.Length];
        int length = 0;
        foreach (Rune character in text.EnumerateRunes())
            ids[length++] = Find(character);
        return length == ids.Length ? ids : ids[..length];
    }
}
