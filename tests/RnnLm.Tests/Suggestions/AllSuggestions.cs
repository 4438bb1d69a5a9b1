using RnnLm.Lanes;
using RnnLm.Numerics;
using RnnLm.Tests.Generation;
using RnnLm.Tests.Patterns;
using RnnLm.Text;

namespace RnnLm.Tests.Suggestions;

/// <summary>
/// All suggestions that there are, found by going through all texts up to a length; for models whose logits depend on the last token.
/// </summary>
internal sealed class AllSuggestions
{
    private readonly TextFraming _framing;
    private readonly SuggestOptions _options;
    private readonly CharVocabulary _vocabulary;
    private readonly int[] _typed;
    private readonly int _first, _length;
    private readonly HashSet<string>? _beginnings, _matching;
    private readonly List<Suggestion> _found = [];
    private double _total;

    private AllSuggestions(TextFraming framing, string typed, SuggestOptions options)
    {
        (_framing, _options, _vocabulary) = (framing, options, framing.Vocabulary);
        bool isAnswer = framing.Mode == DataMode.Pairs, isAround = options.Typos > 0;
        int[] known = [.. typed.EnumerateRunes().Select(character => _vocabulary.TryGetId(character, out int id) ? id : -1)];
        _typed = isAnswer ? [] : known;
        // What stands before the texts.
        _first = isAnswer || framing.Mode == DataMode.Rows ? _vocabulary.StartId!.Value : framing.Opening[^1];
        _length = _typed.Length + options.MaxLength;
        if (options.Pattern is { } pattern)
        {
            Func<string, bool[]> isMatch = PatternTexts.DotNet(pattern)!;
            _matching = [.. PatternTexts.All(_vocabulary, _length).Where(text => isMatch(text)[0])];
            _beginnings = [.. _matching.SelectMany(text => Enumerable.Range(0, text.Length + 1).Select(length => text[..length]))];
        }

        if (isAround)
            VisitAround([], 0);
        else
            Visit(_typed, 0);
    }

    public static Suggestion[] Find(TextFraming framing, string typed, SuggestOptions options)
    {
        var all = new AllSuggestions(framing, typed, options);
        double total = options.Typos > 0 ? all._total : 1;
        return [.. all._found
            .Select(suggestion => suggestion with { Probability = suggestion.Probability / total })
            .Where(suggestion => suggestion.Probability >= options.MinProbability)
            .OrderByDescending(suggestion => suggestion.Probability)];
    }

    /// <summary>Asserts that the best of all suggestions were found.</summary>
    public static void AssertSame(Suggestion[] expected, SuggestionList found, SuggestOptions options)
    {
        double rest = options.Typos > 0 ? 1.1e-2 : 1e-6;   // the model computes in single precision
        // Near the least probability that is asked for, rounding and the rest decide.
        int least = expected.Count(suggestion => suggestion.Probability * (1 - rest) >= options.MinProbability);
        Assert.InRange(found.Count, Math.Min(options.Count, least), Math.Min(options.Count, expected.Length));
        Assert.Equal(found.Count, found.Select(suggestion => suggestion.Text).Distinct().Count());
        Dictionary<string, Suggestion> byText = expected.ToDictionary(suggestion => suggestion.Text);
        for (int i = 0; i < found.Count; i++)
        {
            Suggestion same = byText[found[i].Text];
            Assert.Equal((same.Completion, same.Typos), (found[i].Completion, found[i].Typos));
            Assert.InRange(found[i].Probability, same.Probability * (1 - rest), same.Probability * (1 + 1e-6));
            // The i-th best, whichever of those that are as good.
            Assert.Equal(expected[i].Probability, same.Probability, expected[i].Probability * 1e-5);
        }
    }

    public static ContextModel Model(CharVocabulary vocabulary, int seed = 11, int stateSize = 1) =>
        new(vocabulary.Size, stateSize, context => Logits(vocabulary.Size, context[^1], seed));

    private static float[] Logits(int size, int last, int seed)
    {
        var random = new CounterRandom((ulong)seed, (ulong)(last + 1), 1);
        return [.. Enumerable.Range(0, size).Select(_ => (float)random.NextNormal() * 2)];
    }

    private double Probability(int[] text, int next) => Probabilities(text)[next];

    private double[] Probabilities(int[] text)
    {
        int last = text.Length > 0 ? text[^1] : _first;
        double[] weights = [.. Logits(_vocabulary.Size, last, 11).Select(logit => Math.Exp(logit))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    private IEnumerable<int> Characters => Enumerable.Range(0, _vocabulary.Size).Where(id => !_vocabulary.IsSpecial(id));

    private bool IsOfWord(int id) => _vocabulary.GetCharacter(id).Value is 'a' or 'b' or 'é';

    /// <summary>Goes through all that goes on from what was typed.</summary>
    private void Visit(int[] text, double log)
    {
        // Of pairs nothing was typed: an empty text is no suggestion.
        bool isNew = text.Length > _typed.Length;
        bool ends = isNew && End(text) is { } end && Add(text, Math.Exp(log) * end, 0);
        if (text.Length == _length)
            return;
        foreach (int id in Characters.Where(id => MayFollow(text, id, ends)))
            Visit([.. text, id], log + Math.Log(Probability(text, id)));
    }

    private void VisitAround(int[] text, double log)
    {
        int edits = Enumerable.Range(0, text.Length + 1).Min(length => Edits.Between(_typed, text.AsSpan(0, length)));
        int least = Math.Min(edits, Enumerable.Range(0, _typed.Length + 1).Min(length => Edits.Between(_typed.AsSpan(0, length), text)));
        if (least > _options.Typos)
            return;
        // A text counts once: where nothing that follows can bring it nearer to what was typed.
        int before = text.Length == 0 ? int.MaxValue : Settled(text[..^1]);
        double weight = Math.Exp(log - (edits * _options.TypoPenalty));
        bool isSettled = edits <= least, isWhole = edits <= _options.Typos;
        if (isSettled && before == int.MaxValue)
            _total += weight;
        if (isWhole && !isSettled && _framing.EndId is int last)
            _total += weight * Probability(text, last);
        bool ends = isWhole && text.Length > 0 && !text.AsSpan().SequenceEqual(_typed) && text.Length <= _length
            && End(text) is { } end && Add(text, weight * end, edits);
        if (text.Length >= _length && isSettled)
            return;
        foreach (int id in Characters.Where(id => MayFollow(text, id, ends && isSettled)))
            VisitAround([.. text, id], log + Math.Log(Probability(text, id)));
    }

    /// <summary>Returns the edits of a text, or a large number where they may become fewer.</summary>
    private int Settled(int[] text)
    {
        int edits = Enumerable.Range(0, text.Length + 1).Min(length => Edits.Between(_typed, text.AsSpan(0, length)));
        int least = Enumerable.Range(0, _typed.Length + 1).Min(length => Edits.Between(_typed.AsSpan(0, length), text));
        return edits <= least ? edits : int.MaxValue;
    }

    private double? End(int[] text) => _options.To switch
    {
        SuggestTo.End => Probability(text, _framing.EndId!.Value),
        SuggestTo.Word when text.Length > 0 && IsOfWord(text[^1]) && (_options.Typos > 0 || text.Length > _typed.Length) =>
            Characters.Where(id => !IsOfWord(id)).Sum(id => Probability(text, id))
            + (_framing.EndId is int end ? Probability(text, end) : 0),
        SuggestTo.Pattern when _matching!.Contains(_vocabulary.Decode(text)) => _framing.EndId is int end ? Probability(text, end) : 1,
        _ => null,
    };

    private bool MayFollow(int[] text, int id, bool ends) => _options.To switch
    {
        SuggestTo.Word => IsOfWord(id) || !ends,
        SuggestTo.Pattern => _beginnings!.Contains(_vocabulary.Decode([.. text, id])),
        _ => true,
    };

    private bool Add(int[] text, double probability, int typos)
    {
        string whole = _vocabulary.Decode(text);
        _found.Add(new(whole, typos == 0 ? _vocabulary.Decode(text.AsSpan(_typed.Length)) : null, probability, typos));
        return true;
    }
}
