namespace RnnLm.Suggestions;

/// <summary>
/// Looks for the likeliest texts that go on from what was typed, or from what differs from it by a few edits: best first, over the tree of
/// all texts. The score of a text is the logarithm of its probability less what its edits cost; what follows can only lower it, so that a
/// text which ends is among the best as soon as fewer open texts have a higher score.
/// </summary>
internal sealed class SuggestionSearch
{
    /// <summary>Texts are read side by side as far as they are not much less likely than the best: those will hardly be needed.</summary>
    private const double Margin = 4;

    /// <summary>The texts whose edits are not settled may have this share of the weight of all, when the probabilities are told.</summary>
    private static readonly double LogOfRest = Math.Log(1e-2);

    private readonly SuggestOptions _options;
    private readonly SuggestionGoal _goal;
    private readonly TextTree _tree;
    private readonly TypedText? _typed;
    private readonly int? _endId;
    private readonly bool _mayBeEmpty;
    private readonly double _logOfMinimum;
    private readonly PriorityQueue<Following, double> _open = new(), _unsettled = new();   // by the score, negated
    private readonly PriorityQueue<Branch, double> _best = new();   // the worst first
    private readonly List<Branch> _batch = [];
    private readonly List<int> _tokens = [], _unsettledTokens = [];
    private readonly List<double> _scores = [], _unsettledScores = [];
    private double _weight = double.NegativeInfinity;   // of the texts whose edits are settled

    /// <param name="options">The options, checked.</param>
    /// <param name="goal">Which texts are suggested.</param>
    /// <param name="tree">The texts that were read.</param>
    /// <param name="typed">What was typed, or null where the search begins after it.</param>
    /// <param name="endId">The token after a text, if the model knows one.</param>
    /// <param name="mayBeEmpty">
    /// Whether nothing may be suggested where the search begins after what was typed: the answer to an input.
    /// </param>
    public SuggestionSearch(SuggestOptions options, SuggestionGoal goal, TextTree tree, TypedText? typed, int? endId, bool mayBeEmpty)
    {
        (_options, _goal, _tree, _typed, _endId, _mayBeEmpty) = (options, goal, tree, typed, endId, mayBeEmpty);
        _logOfMinimum = Math.Log(options.MinProbability);
    }

    /// <summary>Gets the number of steps so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Gets whether nothing better is left out.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Searches.</summary>
    /// <param name="start">Where the texts begin, read.</param>
    /// <param name="patternState">Where they begin in the pattern.</param>
    /// <param name="cancellationToken">Looked at before each step of the model.</param>
    /// <returns>The texts, best first, with their probabilities.</returns>
    public (Branch Text, double Probability)[] Run(TextNode start, int patternState, CancellationToken cancellationToken)
    {
        Branch first = _typed is null
            ? new(start, 0, 0, default, default, 0, true, patternState)
            : Compare(start, 0, 0, _typed.Start, default, _typed.TooMany, patternState);
        if (first.IsSettled)
            _weight = 0;
        _batch.Add(first);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            _tree.Read([.. _batch.Select(text => text.Node)]);
            _batch.ForEach(Expand);
            Steps += _batch.Count;
        }
        while (TakeBatch());

        double total = LogSum.Of(_weight, WeightOfUnsettled());
        return [.. _best.UnorderedItems
            .OrderByDescending(found => found.Priority)
            .Select(found => (found.Element, Math.Exp(found.Priority - total)))
            .Where(found => found.Item2 >= _options.MinProbability)];
    }

    /// <summary>Takes the texts to be looked at next; none where the search is at its end.</summary>
    private bool TakeBatch()
    {
        _batch.Clear();
        int room = Math.Min(TextTree.Lanes, _options.MaxSteps - Steps);
        double top = Math.Max(Top(_open), Top(_unsettled));
        bool isDecided = IsHopeless(top);
        IsComplete = isDecided;
        if (isDecided && IsWeighed())
            return false;
        top = isDecided ? Top(_unsettled) : top;
        while (_batch.Count < room)
        {
            PriorityQueue<Following, double> queue = isDecided || Top(_unsettled) > Top(_open) ? _unsettled : _open;
            if (queue.Count == 0 || Top(queue) < top - Margin || (!isDecided && IsHopeless(Top(queue))))
                break;
            Following following = queue.Dequeue();
            _batch.Add(Go(following.From, following.Take()));
            if (!following.IsEmpty)
                queue.Enqueue(following, -following.Score);
        }

        return _batch.Count > 0;
    }

    /// <summary>Goes on from a text by one character.</summary>
    private Branch Go(Branch text, int id)
    {
        TextNode node = text.Node.Child(id);
        int length = text.Length + 1, state = _goal.Next(text.PatternState, id);
        double log = text.LogProbability + text.Node.LogProbability(id);
        return text.IsSettled ? text with { Node = node, Length = length, LogProbability = log, PatternState = state }
            : Compare(node, length, log, NextRow(text, id), text.Row, text.Edits, state);
    }

    private Branch Compare(TextNode node, int length, double log, EditRow row, EditRow before, int edits, int state)
    {
        edits = Math.Min(edits, _typed!.Whole(row, length));
        return new Branch(node, length, log, row, before, edits, edits <= _typed.Least(row), state);
    }

    private EditRow NextRow(Branch text, int id) =>
        _typed!.Next(text.Row, text.Before, text.Length > 0 ? text.Node.Token : -1, id, text.Length + 1);

    /// <summary>Looks at what may follow a text that was read, and whether it ends.</summary>
    private void Expand(Branch text)
    {
        int left = (_typed?.Length ?? 0) + _options.MaxLength - text.Length;
        bool isWhole = text.Edits <= _options.Typos, ends = isWhole && left >= 0 && !IsTyped(text) && _goal.MayEnd(text);
        if (ends)
            Add(text, Score(text.LogProbability + _goal.LogOfEnd(text.Node), text.Edits));
        // A text that ends before its edits are settled has those that it has.
        if (isWhole && !text.IsSettled && _endId is int end)
            _weight = LogSum.Of(_weight, Score(text.LogProbability + text.Node.LogProbability(end), text.Edits));
        _tokens.Clear();
        _scores.Clear();
        _unsettledTokens.Clear();
        _unsettledScores.Clear();
        foreach (int id in _goal.Characters)
        {
            double log = text.LogProbability + text.Node.LogProbability(id);
            if (double.IsNegativeInfinity(log) || !_goal.MayFollow(text, ends && text.IsSettled, id, left))
                continue;
            if (text.IsSettled)
                AddSettled(id, Score(log, text.Edits), left);
            else
                Follow(text, id, log, left);
        }

        Enqueue(_open, new Following(text, _tokens, _scores, weighed: false));
        Enqueue(_unsettled, new Following(text, _unsettledTokens, _unsettledScores, weighed: true));
    }

    private void Follow(Branch text, int id, double log, int left)
    {
        EditRow row = NextRow(text, id);
        int edits = Math.Min(text.Edits, _typed!.Whole(row, text.Length + 1)), least = Math.Min(edits, _typed.Least(row));
        if (least > _options.Typos)
            return;
        double score = Score(log, least);
        if (edits == least)
        {
            _weight = LogSum.Of(_weight, score);
            AddSettled(id, score, left);
            return;
        }

        _unsettledTokens.Add(id);
        _unsettledScores.Add(score);
    }

    private void AddSettled(int id, double score, int left)
    {
        if (left <= 0 || IsHopeless(score))
            return;
        _tokens.Add(id);
        _scores.Add(score);
    }

    private void Add(Branch text, double score)
    {
        if (IsHopeless(score))
            return;
        if (_best.Count == _options.Count)
            _best.Dequeue();
        _best.Enqueue(text, score);
    }

    private double Score(double log, int edits) => log - (edits * _options.TypoPenalty);

    private bool IsTyped(Branch text) => text.Edits == 0 && text.Length == (_typed?.Length ?? 0) && !_mayBeEmpty;

    /// <summary>Returns whether what has a score, and all that follows it, is none of the best.</summary>
    private bool IsHopeless(double score) =>
        double.IsNegativeInfinity(score)
        || (_best.Count == _options.Count && _best.TryPeek(out _, out double worst) && score <= worst)
        || score < _logOfMinimum + _weight;

    private bool IsWeighed() => _unsettled.Count == 0 || WeightOfUnsettled() <= _weight + LogOfRest;

    private double WeightOfUnsettled() =>
        _unsettled.UnorderedItems.Aggregate(double.NegativeInfinity, (sum, item) => LogSum.Of(sum, item.Element.Weight));

    private static double Top(PriorityQueue<Following, double> queue) =>
        queue.TryPeek(out _, out double priority) ? -priority : double.NegativeInfinity;

    private static void Enqueue(PriorityQueue<Following, double> queue, Following following)
    {
        if (!following.IsEmpty)
            queue.Enqueue(following, -following.Score);
    }
}
