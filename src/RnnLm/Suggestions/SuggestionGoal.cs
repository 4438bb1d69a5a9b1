using System.Globalization;
using System.Text;
using RnnLm.Lanes;
using RnnLm.Patterns;
using RnnLm.Text;

namespace RnnLm.Suggestions;

/// <summary>Which texts are suggested: what may follow in them, and where they end.</summary>
internal sealed class SuggestionGoal
{
    private readonly SuggestOptions _options;
    private readonly int? _endId;
    private readonly bool[] _isWord, _isLineEnd;   // [V]

    /// <param name="options">The options, checked.</param>
    /// <param name="framing">How the model's texts are framed.</param>
    public SuggestionGoal(SuggestOptions options, TextFraming framing)
    {
        CharVocabulary vocabulary = framing.Vocabulary;
        (_options, _endId) = (options, framing.EndId);
        Characters = [.. Enumerable.Range(0, vocabulary.Size).Where(id => !vocabulary.IsSpecial(id))];
        (_isWord, _isLineEnd) = (new bool[vocabulary.Size], new bool[vocabulary.Size]);
        foreach (int id in Characters)
        {
            Rune character = vocabulary.GetCharacter(id);
            (_isWord[id], _isLineEnd[id]) = (IsOfWord(character), character.Value is '\n' or '\r');
        }
    }

    /// <summary>Gets the tokens of the characters.</summary>
    public int[] Characters { get; }

    /// <summary>Gets or sets the pattern, if there is one.</summary>
    public PatternGuide? Guide { get; set; }

    /// <summary>Gets or sets whether a word may be looked for in the next line: what was typed has several.</summary>
    public bool AcrossLines { get; set; }

    /// <summary>Returns whether a text may end, so far as its characters say that.</summary>
    public bool MayEnd(Branch text) => _options.To switch
    {
        SuggestTo.Word => text.Length > 0 && _isWord[text.Node.Token],
        SuggestTo.Pattern => Guide!.Automaton.IsAccepting(text.PatternState),
        _ => true,
    };

    /// <summary>Returns the log-probability that a text that may end ends here.</summary>
    public double LogOfEnd(TextNode text)
    {
        if (_options.To != SuggestTo.Word)
            return _endId is int end ? text.LogProbability(end) : 0;
        double sum = _endId is int last ? Math.Exp(text.LogProbability(last)) : 0;
        foreach (int id in Characters)
        {
            if (!_isWord[id])
                sum += Math.Exp(text.LogProbability(id));
        }

        return Math.Log(sum);
    }

    /// <summary>Returns whether a character may follow.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isWord">Whether a suggestion ends with the text, and nothing that follows may be nearer to what was typed.</param>
    /// <param name="id">The character's token.</param>
    /// <param name="left">How many characters may follow.</param>
    public bool MayFollow(Branch text, bool isWord, int id, int left) => _options.To switch
    {
        // What follows a word is no part of it.
        SuggestTo.Word => (_isWord[id] || !isWord) && (AcrossLines || !_isLineEnd[id]),
        SuggestTo.Pattern => Guide!.Distance(Next(text.PatternState, id), written: 0) <= left - 1,
        _ => true,
    };

    /// <summary>Returns where a text stands in the pattern with one character more.</summary>
    public int Next(int patternState, int id) => Guide?.Automaton.Next(patternState, id) ?? 0;

    /// <summary>Returns what <c>\w</c> says of a character.</summary>
    private static bool IsOfWord(Rune character) => Rune.IsLetter(character) || Rune.GetUnicodeCategory(character)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;
}
