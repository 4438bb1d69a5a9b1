namespace RnnLm.Suggestions;

/// <summary>How a text that is compared with what was typed goes on while its edits are not settled.</summary>
/// <param name="options">The options, checked.</param>
/// <param name="goal">Which texts are suggested.</param>
/// <param name="typed">What was typed.</param>
internal sealed class TextGrowth(SuggestOptions options, SuggestionGoal goal, TypedText typed)
{
    private readonly List<int> _tokens = [];
    private readonly List<double> _scores = [];

    public TypedText Typed => typed;

    /// <summary>Returns the empty text.</summary>
    public Branch First(TextNode start, int patternState) => Compare(start, 0, 0, typed.Start, default, typed.TooMany, patternState);

    /// <summary>Goes on from a text by one character.</summary>
    public Branch Go(Branch text, int id)
    {
        int length = text.Length + 1, state = goal.Next(text.PatternState, id);
        double log = text.LogProbability + text.Node.LogProbability(id);
        return Compare(text.Node.Child(id), length, log, Next(text, id), text.Row, text.Edits, state);
    }

    /// <summary>Looks at what may follow a text that was read.</summary>
    /// <param name="text">The text.</param>
    /// <param name="left">How many characters may follow.</param>
    /// <param name="settle">Takes the characters with which the edits are settled, and their scores.</param>
    /// <returns>The others.</returns>
    public Following Expand(Branch text, int left, Action<int, double>? settle)
    {
        _tokens.Clear();
        _scores.Clear();
        int length = text.Length + 1;
        ReadOnlySpan<int> near = typed.Near(length);
        // What was not typed here is another character, whichever it is.
        (int edits, int least) other = Edits(text, Next(text, TypedText.Other));
        if (other.least <= options.Typos)
        {
            foreach (int id in goal.Characters)
            {
                if (!near.Contains(id))
                    Add(text, id, other, left, settle);
            }
        }

        for (int i = 0; i < near.Length; i++)
        {
            int id = near[i];
            if (id >= 0 && !near[..i].Contains(id))
                Add(text, id, Edits(text, Next(text, id)), left, settle);
        }

        return new Following(text, _tokens, _scores, weighed: true);
    }

    public double Score(double log, int edits) => log - (edits * options.TypoPenalty);

    private void Add(Branch text, int id, (int Whole, int Least) edits, int left, Action<int, double>? settle)
    {
        double log = text.LogProbability + text.Node.LogProbability(id);
        if (edits.Least > options.Typos || double.IsNegativeInfinity(log) || !goal.MayFollow(text, isWord: false, id, left))
            return;
        double score = Score(log, edits.Least);
        if (edits.Whole == edits.Least)
        {
            settle?.Invoke(id, score);
            return;
        }

        _tokens.Add(id);
        _scores.Add(score);
    }

    private Branch Compare(TextNode node, int length, double log, EditRow row, EditRow before, int edits, int state)
    {
        edits = Math.Min(edits, typed.Whole(row, length));
        return new Branch(node, length, log, row, before, edits, edits <= typed.Least(row), state);
    }

    private (int Whole, int Least) Edits(Branch text, EditRow row)
    {
        int whole = Math.Min(text.Edits, typed.Whole(row, text.Length + 1));
        return (whole, Math.Min(whole, typed.Least(row)));
    }

    private EditRow Next(Branch text, int id) =>
        typed.Next(text.Row, text.Before, text.Length > 0 ? text.Node.Token : -1, id, text.Length + 1);
}
