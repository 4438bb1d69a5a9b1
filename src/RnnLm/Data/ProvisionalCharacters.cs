using System.Text;
using RnnLm.Diagnostics;
using RnnLm.Text;

namespace RnnLm.Data;

/// <summary>
/// The characters of a text that is read before its vocabulary is known: each has a provisional id, in the order of their coming, and is
/// counted.
/// </summary>
internal sealed class ProvisionalCharacters
{
    private readonly Dictionary<int, int> _ids = [];
    private readonly int[] _asciiIds = new int[128];
    private readonly List<Rune> _characters = [];
    private readonly List<long> _counts = [];

    public ProvisionalCharacters() => Array.Fill(_asciiIds, -1);

    /// <summary>Gets the number of characters read.</summary>
    public long Total => _counts.Sum();

    /// <summary>Counts a character, and returns its provisional id.</summary>
    public int Add(Rune character)
    {
        int id = character.IsAscii ? _asciiIds[character.Value] : _ids.GetValueOrDefault(character.Value, -1);
        if (id < 0)
        {
            id = _characters.Count;
            _characters.Add(character);
            _counts.Add(0);
            if (character.IsAscii)
                _asciiIds[character.Value] = id;
            else
                _ids.Add(character.Value, id);
        }

        _counts[id]++;
        return id;
    }

    /// <summary>Makes the vocabulary of what was read.</summary>
    /// <exception cref="TextDataException">No character occurs often enough.</exception>
    public CharVocabulary FindVocabulary(VocabularyOptions options, bool startAndEnd)
    {
        Rune[] kept = [.. Choose(options, options.MaxSize, _ => true)];
        if (kept.Length == 0)
        {
            throw new TextDataException(
                $"no character occurs often enough for {OptionIds.MinCount.Set(options.MinCount)}. Lower it, or give more text.");
        }

        return new CharVocabulary(kept, options.UnknownCharacters, startAndEnd);
    }

    /// <summary>Adds to a vocabulary what was read, as far as a vocabulary of its own would have it.</summary>
    public CharVocabulary Grow(CharVocabulary known, VocabularyOptions options) =>
        known.Add(Choose(options, Math.Max(0, options.MaxSize - known.Characters.Count), character => !known.TryGetId(character, out _)));

    /// <summary>Chooses among the characters that the options name, else among those read.</summary>
    private IEnumerable<Rune> Choose(VocabularyOptions options, int most, Func<Rune, bool> mayBe) => options.Characters is { } given
        ? given.EnumerateRunes().ToArray()
        : Enumerable.Range(0, _characters.Count)
            .Where(id => _counts[id] >= options.MinCount && mayBe(_characters[id]))
            .OrderByDescending(id => _counts[id]).ThenBy(id => _characters[id])
            .Take(most)
            .Select(id => _characters[id]);

    /// <summary>Returns a vocabulary's id for each provisional one, or -1 for a character that is left out.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="remedy">What lets a character in that the policy does not allow.</param>
    /// <param name="unknown">Takes how many of the characters read it does not have.</param>
    /// <exception cref="TextDataException">It does not have one, and its policy allows none such.</exception>
    public int[] IdsIn(CharVocabulary vocabulary, OptionMessage remedy, out long unknown)
    {
        int[] ids = new int[_characters.Count];
        unknown = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (vocabulary.TryGetId(_characters[i], out ids[i]))
                continue;
            if (vocabulary.UnknownCharacters == UnknownCharacterPolicy.Throw)
            {
                throw new TextDataException(
                    $"the data have the character '{_characters[i]}' (U+{_characters[i].Value:X4}), which is not in the vocabulary. "
                    + $"Remove it, {remedy}.");
            }

            ids[i] = vocabulary.UnknownId ?? -1;
            unknown += _counts[i];
        }

        return ids;
    }
}
