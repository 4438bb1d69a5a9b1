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
    private readonly TextGrowth? _growth;
    private readonly Readings? _readings;
    private readonly int? _endId;
    private readonly Action<int, double> _settle;
    private readonly double _logOfMinimum;
    private readonly PriorityQueue<Following, double> _open = new(), _unsettled = new();   // by the score, negated
    private readonly PriorityQueue<Branch, double> _best = new();   // the worst first
    private readonly List<Branch> _batch = [];
    private readonly List<int> _tokens = [];
    private readonly List<double> _scores = [];
    private int _left;   // how many characters may follow the text that is looked at
    private TextsBehind? _behind;
    private bool _isCut;   // whether texts were left out already, as the steps did not do for them
    private double _weight = double.NegativeInfinity;   // of the texts whose edits are settled

    /// <param name="options">The options, checked.</param>
    /// <param name="goal">Which texts are suggested.</param>
    /// <param name="tree">The texts that were read.</param>
    /// <param name="growth">How texts are compared with what was typed, or null where the search begins after it.</param>
    /// <param name="readings">What may be meant by that; null where it is.</param>
    /// <param name="endId">The token after a text, if the model knows one.</param>
    public SuggestionSearch(
        SuggestOptions options, SuggestionGoal goal, TextTree tree, TextGrowth? growth, Readings? readings, int? endId)
    {
        (_options, _goal, _tree, _growth, _readings, _endId) = (options, goal, tree, growth, readings, endId);
        _settle = Settle;
        _logOfMinimum = Math.Log(options.MinProbability);
    }

    /// <summary>Gets how many nats a text that fell behind may gain on the others.</summary>
    public double CatchUp { get; init; }

    /// <summary>Gets the number of steps so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Gets whether nothing better is left out.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Searches.</summary>
    /// <param name="texts">The texts to go on from, best first.</param>
    /// <param name="cancellationToken">Looked at before each step of the model.</param>
    /// <returns>The texts, best first, with their probabilities.</returns>
    public (Branch Text, double Probability)[] Run(Branch[] texts, CancellationToken cancellationToken)
    {
        Steps = _readings?.Steps ?? 0;
        // Nothing was typed, or it is not compared.
        if (texts is [{ IsSettled: true }])
            _weight = 0;
        int room = Math.Max(1, _options.MaxSteps - Steps);
        _isCut = _readings is { IsComplete: false } || texts.Length > room;
        foreach (Branch[] batch in texts.Take(room).Chunk(TextTree.Lanes))
        {
            _batch.Clear();
            _batch.AddRange(batch);
            Step(cancellationToken);
        }

        while (TakeBatch())
            Step(cancellationToken);

        double total = LogSum.Of(_weight, WeightOfUnsettled());
        return [.. _best.UnorderedItems
            .OrderByDescending(found => found.Priority)
            .Select(found => (found.Element, Math.Exp(found.Priority - total)))
            .Where(found => found.Item2 >= _options.MinProbability)];
    }

    private void Step(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _tree.Read([.. _batch.Select(text => text.Node)]);
        _batch.ForEach(Expand);
        Steps += _batch.Count;
    }

    /// <summary>Takes the texts to be looked at next; none where the search is at its end.</summary>
    private bool TakeBatch()
    {
        _batch.Clear();
        int room = Math.Min(TextTree.Lanes, _options.MaxSteps - Steps);
        double top = Math.Max(Top(_open), Top(_unsettled));
        bool isDecided = IsHopeless(top);
        IsComplete = false;
        while (isDecided && (room <= 0 || IsWeighed() || _behind?.Top > Top(_unsettled)))
        {
            if (_growth is null)
            {
                IsComplete = true;
                return false;
            }

            // Only now is it known what the texts that fell behind have to catch up with.
            _behind ??= new TextsBehind(_readings!, LogSum.Of(_weight, WeightOfUnsettled()), CatchUp);
            bool isHopeless = IsHopeless(_behind.Top);
            IsComplete = isHopeless && !_isCut;
            if (room <= 0 || (isHopeless && IsWeighed()))
                return false;
            foreach (Following following in _behind.Take())
                Enqueue(_unsettled, following);
            top = Math.Max(Top(_open), Top(_unsettled));
            isDecided = IsHopeless(top);
        }

        top = isDecided ? Top(_unsettled) : top;
        while (_batch.Count < room)
        {
            bool isUnsettled = isDecided || Top(_unsettled) > Top(_open);
            PriorityQueue<Following, double> queue = isUnsettled ? _unsettled : _open;
            if (queue.Count == 0 || Top(queue) < top - Margin || (!isDecided && IsHopeless(Top(queue))))
                break;
            Following following = queue.Dequeue();
            _batch.Add(Go(following.From, following.Take()));
            Enqueue(queue, following);
        }

        return _batch.Count > 0;
    }

    /// <summary>Goes on by one character from a text whose edits are settled, or become so by that.</summary>
    private Branch Go(Branch text, int id) => text.IsSettled
        ? text with
        {
            Node = text.Node.Child(id),
            Length = text.Length + 1,
            LogProbability = text.LogProbability + text.Node.LogProbability(id),
            PatternState = _goal.Next(text.PatternState, id),
        }
        : _growth!.Go(text, id);

    /// <summary>Looks at what may follow a text that was read, and whether it ends.</summary>
    private void Expand(Branch text)
    {
        int left = (_growth?.Typed.Length ?? 0) + _options.MaxLength - text.Length;
        bool isWhole = text.Edits <= _options.Typos, ends = isWhole && left >= 0 && !IsEmptyOrTyped(text) && _goal.MayEnd(text);
        if (ends)
            Add(text, Score(text.LogProbability + _goal.LogOfEnd(text.Node), text.Edits));
        // A text that ends before its edits are settled has those that it has.
        if (isWhole && !text.IsSettled && _endId is int end)
            _weight = LogSum.Of(_weight, Score(text.LogProbability + text.Node.LogProbability(end), text.Edits));
        _tokens.Clear();
        _scores.Clear();
        _left = left;
        if (text.IsSettled)
            Continue(text, ends);
        else
            Enqueue(_unsettled, _growth!.Expand(text, left, _settle));
        Enqueue(_open, new Following(text, _tokens, _scores, weighed: false));
    }

    private void Continue(Branch text, bool ends)
    {
        foreach (int id in _goal.Characters)
        {
            double log = text.LogProbability + text.Node.LogProbability(id);
            if (!double.IsNegativeInfinity(log) && _goal.MayFollow(text, ends, id, _left))
                Open(id, Score(log, text.Edits));
        }
    }

    private void Settle(int id, double score)
    {
        _weight = LogSum.Of(_weight, score);
        Open(id, score);
    }

    private void Open(int id, double score)
    {
        if (_left <= 0 || IsHopeless(score))
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

    private bool IsEmptyOrTyped(Branch text) => text.Length == 0 || (text.Edits == 0 && text.Length == _growth?.Typed.Length);

    /// <summary>Returns whether what has a score, and all that follows it, is none of the best.</summary>
    private bool IsHopeless(double score) =>
        double.IsNegativeInfinity(score)
        || (_best.Count == _options.Count && _best.TryPeek(out _, out double worst) && score <= worst)
        || score < _logOfMinimum + _weight;

    private bool IsWeighed() => _growth is null || WeightOfUnsettled() <= _weight + LogOfRest;

    private double WeightOfUnsettled() => LogSum.Of(
        _behind?.Weight ?? double.NegativeInfinity,
        LogSum.Of(_unsettled.UnorderedItems.Select(item => item.Element.Weight + Gap(item.Element))));

    private double Gap(Following following) => _behind?.Gap(following.From.Length + 1) ?? 0;

    private static double Top(PriorityQueue<Following, double> queue) =>
        queue.TryPeek(out _, out double priority) ? -priority : double.NegativeInfinity;

    private void Enqueue(PriorityQueue<Following, double> queue, Following following)
    {
        if (!following.IsEmpty)
            queue.Enqueue(following, -(following.Score + (queue == _unsettled ? Gap(following) : 0)));
    }
}
