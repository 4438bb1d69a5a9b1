using System.Text;
using RnnLm.Text;

namespace RnnLm.Patterns;

/// <summary>
/// The tokens of a vocabulary, in classes that a pattern does not tell apart. Like <see cref="System.Text.RegularExpressions.Regex"/>,
/// patterns see UTF-16 units: a character above U+FFFF is two of them, one after the other.
/// </summary>
internal sealed class TokenClasses
{
    private const int None = -1;

    private readonly Dictionary<char, int> _unitClasses = [];
    private readonly List<UnitClass> _units = [];
    private readonly List<TokenClass> _tokens = [];
    private readonly int[] _ofToken;   // [V]

    /// <param name="sets">The sets of units that the pattern names.</param>
    /// <param name="vocabulary">The characters.</param>
    /// <param name="read">A text whose units get classes too.</param>
    public TokenClasses(IReadOnlyList<CharacterSet> sets, CharVocabulary vocabulary, ReadOnlySpan<char> read = default)
    {
        ClassifyUnits(sets, string.Concat(vocabulary.Characters) + read.ToString());
        var classes = new Dictionary<(int, int), int>();
        _ofToken = new int[vocabulary.Size];
        for (int token = 0; token < _ofToken.Length; token++)
            _ofToken[token] = vocabulary.IsSpecial(token) ? None : Classify(vocabulary.GetCharacter(token), classes);
    }

    /// <summary>Gets the number of classes.</summary>
    public int Count => _tokens.Count;

    /// <summary>Returns the class of a token, or -1 for one that the pattern has nowhere.</summary>
    public int OfToken(int token) => _ofToken[token];

    /// <summary>Returns the number of tokens of a class.</summary>
    public int TokensIn(int tokenClass) => _tokens[tokenClass].Count;

    /// <summary>Returns where a token of a class leads to.</summary>
    public int[] Next(PlaceSet set, int[] places, int tokenClass)
    {
        (int first, int second, _) = _tokens[tokenClass];
        int[] next = Step(set, places, _units[first]);
        return second == None || next.Length == 0 ? next : Step(set, next, _units[second]);
    }

    /// <summary>Returns where a unit leads to.</summary>
    public int[] Next(PlaceSet set, int[] places, char unit) => Step(set, places, _units[_unitClasses[unit]]);

    private static int[] Step(PlaceSet set, int[] places, UnitClass unit) => set.Next(places, unit.InSet, unit.IsLineFeed);

    /// <summary>Divides the units by each set in turn, so that in the end those of a class are in the same sets.</summary>
    private void ClassifyUnits(IReadOnlyList<CharacterSet> sets, string text)
    {
        string units = string.Concat(text.Distinct());
        int[] classes = [.. units.Select(unit => unit == '\n' ? 1 : 0)];
        bool[][] inSet = [.. sets.Select(set => set.Find(units))];   // [set, unit]
        foreach (bool[] found in inSet)
        {
            var divided = new Dictionary<(int, bool), int>();
            for (int i = 0; i < classes.Length; i++)
            {
                (int, bool) part = (classes[i], found[i]);
                if (!divided.TryGetValue(part, out int id))
                    divided.Add(part, id = divided.Count);
                classes[i] = id;
            }
        }

        var numbers = new Dictionary<int, int>();
        for (int i = 0; i < units.Length; i++)
        {
            if (!numbers.TryGetValue(classes[i], out int number))
            {
                numbers.Add(classes[i], number = _units.Count);
                _units.Add(new UnitClass([.. inSet.Select(found => found[i])], units[i] == '\n'));
            }

            _unitClasses.Add(units[i], number);
        }
    }

    private int Classify(Rune character, Dictionary<(int, int), int> classes)
    {
        Span<char> units = stackalloc char[2];
        bool isPair = character.EncodeToUtf16(units) == 2;
        (int first, int second) = (_unitClasses[units[0]], isPair ? _unitClasses[units[1]] : None);
        if (!_units[first].InSet.Contains(true) || (isPair && !_units[second].InSet.Contains(true)))
            return None;
        if (!classes.TryGetValue((first, second), out int id))
        {
            classes.Add((first, second), id = classes.Count);
            _tokens.Add(new TokenClass(first, second, 0));
        }

        _tokens[id] = _tokens[id] with { Count = _tokens[id].Count + 1 };
        return id;
    }

    /// <summary>UTF-16 units that are in the same sets.</summary>
    private sealed record UnitClass(bool[] InSet, bool IsLineFeed);

    /// <summary>Tokens whose units are of the same classes.</summary>
    /// <param name="First">The class of its first unit.</param>
    /// <param name="Second">The class of its second, or -1.</param>
    /// <param name="Count">The number of tokens.</param>
    private readonly record struct TokenClass(int First, int Second, int Count);
}
