namespace RnnLm.Privacy;

/// <summary>
/// The least number of characters to be put in, taken out or replaced that makes one text of another (Levenshtein): 64 cells of a column at
/// once (Myers, A fast bit-vector algorithm for approximate string matching, 1999; Hyyrö, 2003). For one text after the other, each against
/// many.
/// </summary>
/// <param name="alphabet">The highest number of a character; 0 equals nothing, not even itself.</param>
internal sealed class EditDistance(int alphabet)
{
    private const int WordBits = 64;

    // Where a character's masks are, counted from 1; 0 for one that the text does not have.
    private readonly int[] _slots = new int[alphabet + 1];
    private ulong[] _masks = [], _positive = [], _negative = [];
    private int[] _text = [];
    private int _words;

    /// <summary>Gets the number of characters of the text.</summary>
    public int Length => _text.Length;

    /// <summary>Gets the text.</summary>
    public ReadOnlySpan<int> Text => _text;

    /// <summary>Takes a text, to which distances are asked for next.</summary>
    public void Begin(int[] text)
    {
        foreach (int id in _text)
            _slots[id] = 0;
        _text = text;
        _words = (text.Length + WordBits - 1) / WordBits;
        int slots = 0;
        foreach (int id in text)
        {
            if (id > 0 && _slots[id] == 0)
                _slots[id] = ++slots;
        }

        int size = (slots + 1) * _words;
        if (_masks.Length < size)
            _masks = new ulong[size];
        else
            Array.Clear(_masks, 0, size);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] > 0)
                _masks[(_slots[text[i]] * _words) + (i / WordBits)] |= 1UL << (i % WordBits);
        }

        if (_positive.Length < _words)
            (_positive, _negative) = (new ulong[_words], new ulong[_words]);
    }

    /// <summary>Returns the distance to another text, or a number above <paramref name="most"/> where it is above that.</summary>
    public int To(ReadOnlySpan<int> other, int most) =>
        _words == 0 ? other.Length : _words == 1 ? InOneWord(other, most) : InWords(other, most);

    private int InOneWord(ReadOnlySpan<int> other, int most)
    {
        ulong positive = ulong.MaxValue, negative = 0, last = 1UL << (_text.Length - 1);
        int score = _text.Length, left = other.Length;
        foreach (int id in other)
        {
            ulong equal = _masks[_slots[id]];
            ulong vertical = equal | negative;
            ulong horizontal = (((equal & positive) + positive) ^ positive) | equal;
            ulong up = negative | ~(horizontal | positive), down = positive & horizontal;
            score += (up & last) != 0 ? 1 : 0;
            score -= (down & last) != 0 ? 1 : 0;
            // What is left can bring the distance down by one for each character.
            if (score - --left > most)
                return most + 1;
            // The first row counts the characters of the other text.
            up = (up << 1) | 1;
            down <<= 1;
            positive = down | ~(vertical | up);
            negative = up & vertical;
        }

        return score;
    }

    private int InWords(ReadOnlySpan<int> other, int most)
    {
        Span<ulong> positives = _positive.AsSpan(0, _words), negatives = _negative.AsSpan(0, _words);
        positives.Fill(ulong.MaxValue);
        negatives.Clear();
        ulong last = 1UL << ((_text.Length - 1) % WordBits);
        int score = _text.Length, left = other.Length;
        foreach (int id in other)
        {
            ReadOnlySpan<ulong> masks = _masks.AsSpan(_slots[id] * _words, _words);
            int carry = 1;
            for (int word = 0; word < masks.Length; word++)
            {
                ulong positive = positives[word], negative = negatives[word], equal = masks[word];
                ulong vertical = equal | negative;
                equal |= carry < 0 ? 1UL : 0;
                ulong horizontal = (((equal & positive) + positive) ^ positive) | equal;
                ulong up = negative | ~(horizontal | positive), down = positive & horizontal;
                ulong top = word == masks.Length - 1 ? last : 1UL << (WordBits - 1);
                int next = (up & top) != 0 ? 1 : (down & top) != 0 ? -1 : 0;
                up = (up << 1) | (carry > 0 ? 1UL : 0);
                down = (down << 1) | (carry < 0 ? 1UL : 0);
                positives[word] = down | ~(vertical | up);
                negatives[word] = up & vertical;
                carry = next;
            }

            score += carry;
            if (score - --left > most)
                return most + 1;
        }

        return score;
    }
}
