using System.Buffers;
using System.Text;

namespace RnnLm.Text;

/// <summary>
/// The characters that a model knows, and their ids. A character is a Unicode scalar value (<see cref="Rune"/>), so a surrogate pair is one
/// character and never split; an unpaired surrogate reads as U+FFFD. Ids: the special tokens first (unknown, start, end, as far as they are
/// there), then the characters: in code point order, and after them those that a later training added; or as another program numbers them.
/// A vocabulary without the carriage return reads CRLF and CR as a line feed. Immutable and safe for use by many threads.
/// </summary>
internal sealed class CharVocabulary
{
    /// <summary>The share of unknown characters above which figures over all characters say more of the unknown token than of the
    /// text.</summary>
    internal const double HighUnknownShare = 0.1;

    private readonly Rune[] _characters;
    private readonly int _firstCharacter;
    private readonly Dictionary<int, int> _ids;
    private readonly int[] _asciiIds = new int[128];

    /// <summary>Makes a vocabulary of given characters, in code point order.</summary>
    /// <param name="characters">The characters; repeated ones count once.</param>
    /// <param name="unknownCharacters">What happens to other characters.</param>
    /// <param name="startAndEnd">Whether there are tokens for the start and the end of a text.</param>
    /// <exception cref="ArgumentException">There are no characters.</exception>
    public CharVocabulary(
        IEnumerable<Rune> characters,
        UnknownCharacterPolicy unknownCharacters = UnknownCharacterPolicy.Token,
        bool startAndEnd = false)
        : this([.. characters.Distinct().Order()], unknownCharacters, startAndEnd)
    {
    }

    private CharVocabulary(Rune[] characters, UnknownCharacterPolicy unknownCharacters, bool startAndEnd)
    {
        _characters = characters;
        if (_characters.Length == 0)
            throw new ArgumentException("A vocabulary needs at least one character.", nameof(characters));
        UnknownCharacters = unknownCharacters;
        if (unknownCharacters == UnknownCharacterPolicy.Token)
            UnknownId = _firstCharacter++;
        if (startAndEnd)
        {
            StartId = _firstCharacter++;
            EndId = _firstCharacter++;
        }

        _ids = new Dictionary<int, int>(_characters.Length);
        Array.Fill(_asciiIds, -1);
        for (int i = 0; i < _characters.Length; i++)
        {
            int codePoint = _characters[i].Value;
            _ids.Add(codePoint, _firstCharacter + i);
            if (codePoint < 128)
                _asciiIds[codePoint] = _firstCharacter + i;
        }
    }

    /// <summary>Makes a vocabulary of characters in the order of their ids.</summary>
    /// <param name="characters">The characters, each once.</param>
    /// <param name="unknownCharacters">What happens to other characters.</param>
    /// <param name="startAndEnd">Whether there are tokens for the start and the end of a text.</param>
    /// <exception cref="ArgumentException">There are no characters, or one comes twice.</exception>
    public static CharVocabulary InOrder(IEnumerable<Rune> characters, UnknownCharacterPolicy unknownCharacters, bool startAndEnd) =>
        new(characters.ToArray(), unknownCharacters, startAndEnd);

    /// <summary>Gets the number of ids, special tokens included.</summary>
    public int Size => _firstCharacter + _characters.Length;

    /// <summary>Gets the characters in the order of their ids.</summary>
    public IReadOnlyList<Rune> Characters => _characters;

    /// <summary>Gets whether the characters are in code point order, as in every vocabulary that was found in data.</summary>
    public bool IsInCodePointOrder => _characters.SequenceEqual(_characters.Order());

    /// <summary>Gets the number of special tokens, whose ids stand before those of the characters.</summary>
    public int SpecialTokens => _firstCharacter;

    /// <summary>Gets what happens to characters that are not known.</summary>
    public UnknownCharacterPolicy UnknownCharacters { get; }

    /// <summary>Gets the id of the unknown token, if there is one.</summary>
    public int? UnknownId { get; }

    /// <summary>Gets the id of the token before a text, if there is one.</summary>
    public int? StartId { get; }

    /// <summary>Gets the id of the token after a text, if there is one.</summary>
    public int? EndId { get; }

    /// <summary>Gets whether an id is one of the special tokens, which stand for no character.</summary>
    /// <param name="id">An id from 0 to <see cref="Size"/> - 1.</param>
    public bool IsSpecial(int id) => id < _firstCharacter;

    /// <summary>Gets the character of an id.</summary>
    /// <param name="id">The id of a character.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id, or it is a special token.</exception>
    public Rune GetCharacter(int id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(id, _firstCharacter);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, Size);
        return _characters[id - _firstCharacter];
    }

    /// <summary>Returns a vocabulary with further characters behind these, whose ids stay.</summary>
    /// <param name="more">Further characters; those that are known already are passed over.</param>
    public CharVocabulary Add(IEnumerable<Rune> more)
    {
        Rune[] added = [.. more.Distinct().Where(character => !TryGetId(character, out _)).Order()];
        return added.Length == 0 ? this : new([.. _characters, .. added], UnknownCharacters, StartId is not null);
    }

    /// <summary>Returns how many bytes a token is in UTF-8: the end of a text is one, as a line feed would be; the unknown token and the
    /// start of a text are none.</summary>
    internal int Utf8Length(int id) => id >= _firstCharacter ? _characters[id - _firstCharacter].Utf8SequenceLength : id == EndId ? 1 : 0;

    /// <summary>Gets the id of a character, or says that it is not known.</summary>
    /// <returns>Whether the character is known.</returns>
    public bool TryGetId(Rune character, out int id)
    {
        if (character.IsAscii)
            return (id = _asciiIds[character.Value]) >= 0;
        return _ids.TryGetValue(character.Value, out id);
    }

    /// <summary>Turns text into ids. No start or end token is added.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The ids, one for each character or line end.</returns>
    /// <exception cref="ArgumentException">A character is unknown and the policy is <see cref="UnknownCharacterPolicy.Throw"/>.</exception>
    public int[] Encode(ReadOnlySpan<char> text) => Encode(text, out _);

    /// <summary>Turns text into ids, and counts the characters that are not known.</summary>
    /// <param name="text">The text.</param>
    /// <param name="unknown">The number of characters that are not known.</param>
    /// <returns>The ids, one for each character or line end.</returns>
    /// <exception cref="ArgumentException">A character is unknown and the policy is <see cref="UnknownCharacterPolicy.Throw"/>.</exception>
    public int[] Encode(ReadOnlySpan<char> text, out int unknown)
    {
        int[] ids = ArrayPool<int>.Shared.Rent(text.Length);
        int count = 0, position = 0;
        unknown = 0;
        foreach (Rune character in new LineEnds(this).Read(text).EnumerateRunes())
        {
            if (TryGetId(character, out int id))
                ids[count++] = id;
            else
            {
                unknown++;
                if (UnknownCharacters == UnknownCharacterPolicy.Throw)
                {
                    ArrayPool<int>.Shared.Return(ids);
                    throw new ArgumentException($"C{Unknown(character, position)[1..]}", nameof(text));
                }

                if (UnknownId is int unknownId)
                    ids[count++] = unknownId;
            }

            position++;
        }

        int[] result = ids[..count];
        ArrayPool<int>.Shared.Return(ids);
        return result;
    }

    /// <summary>Says which character of a text is an error: the first that is unknown, where the policy is
    /// <see cref="UnknownCharacterPolicy.Throw"/>; <see langword="null"/> where there is none.</summary>
    public string? FindFault(ReadOnlySpan<char> text)
    {
        if (UnknownCharacters != UnknownCharacterPolicy.Throw)
            return null;
        int position = 0;
        foreach (Rune character in new LineEnds(this).Read(text).EnumerateRunes())
        {
            if (!TryGetId(character, out _))
                return Unknown(character, position);
            position++;
        }

        return null;
    }

    private static string Unknown(Rune character, int position) => $"character '{character}' (U+{character.Value:X4}) at position "
        + $"{position} is not in the vocabulary. Remove it, or choose another policy for unknown characters when training.";

    /// <summary>Turns ids into text. The unknown token becomes U+FFFD; start and end tokens become nothing.</summary>
    /// <param name="ids">The ids.</param>
    /// <returns>The text.</returns>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder(ids.Length);
        Span<char> buffer = stackalloc char[2];
        foreach (int id in ids)
        {
            if (!IsSpecial(id))
                text.Append(buffer[..GetCharacter(id).EncodeToUtf16(buffer)]);
            else if (id == UnknownId)
                text.Append('\uFFFD');
        }

        return text.ToString();
    }
}
