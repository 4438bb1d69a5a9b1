namespace RnnLm.Suggestions;

/// <summary>
/// What may be meant by what is being typed: for each length, the texts that it has come to fit. A key adds one length, since texts that
/// are shorter than what was typed by more than the edits are compared for good. A backspace takes one away.
/// </summary>
/// <remarks>
/// Of each length those texts are followed that have nearly all the weight. The others go on with the same characters as these, so that
/// they hardly ever catch up; a search goes back to them where they may, see <see cref="TextsBehind"/>.
/// </remarks>
/// <param name="options">The options, checked.</param>
/// <param name="goal">Which texts are suggested.</param>
/// <param name="tree">The texts that were read.</param>
internal sealed class Readings(SuggestOptions options, SuggestionGoal goal, TextTree tree)
{
    /// <summary>Of each length, the texts that are not followed have this share of the weight at most.</summary>
    private const double Behind = 1e-6;

    private readonly List<ReadingLevel> _levels = [];
    private readonly int _held = tree.HeldLengths / 2;
    private TypedText? _typed;
    private bool _acrossLines;
    private int _first;    // the length of the shortest texts that are held
    private int _narrow;   // from this length on, one text alone is followed, as the steps did not do for more

    /// <summary>Gets the lengths whose texts may catch up.</summary>
    public IEnumerable<int> Lengths => Enumerable.Range(FirstUsed(Last), _levels.Count - FirstUsed(Last));

    /// <summary>Gets the length of the longest texts.</summary>
    public int Last => _levels.Count - 1;

    /// <summary>Gets the steps that were taken for what was typed last.</summary>
    public int Steps { get; private set; }

    /// <summary>Gets whether the steps sufficed.</summary>
    public bool IsComplete => _narrow == _levels.Count;

    public ReadingLevel this[int length] => _levels[length];

    /// <summary>Compares the texts with what was typed, as far as that is new.</summary>
    /// <param name="growth">How they are compared.</param>
    /// <param name="start">Where they begin.</param>
    /// <param name="patternState">Where they begin in the pattern.</param>
    /// <param name="countsAll">Whether the steps that were taken for earlier keys count as well.</param>
    /// <param name="cancellationToken">Looked at before each step of the model.</param>
    /// <returns>The longest of them, which are to be gone on from, best first.</returns>
    public Branch[] Follow(TextGrowth growth, TextNode start, int patternState, bool countsAll, CancellationToken cancellationToken)
    {
        TypedText typed = growth.Typed;
        // How many characters a pattern leaves to a text depends on how many were typed.
        int final = goal.Guide is null ? typed.Final : -1;
        KeepCommon(typed, final);
        Steps = countsAll ? CountSteps() : 0;
        if (final < 0)
            return [growth.First(start, patternState)];
        if (_levels.Count == 0)
            _levels.Add(ReadingLevel.First(growth.First(start, patternState)));
        _narrow = _levels.Count;
        while (Last < final)
        {
            ReadingLevel level = _levels[^1];
            // Some steps are left for what follows.
            bool isWide = IsComplete && Steps + level.Kept.Length <= options.MaxSteps / 4 * 3;
            _levels.Add(Next(level.Kept.Take(isWide ? int.MaxValue : 1), growth, cancellationToken));
            if (isWide)
                (Steps, _narrow) = (Steps + level.Kept.Length, _levels.Count);
        }

        // Twice as many are held as are used, for whoever takes characters back.
        for (; _first < FirstUsed(Last - _held); _first++)
            _levels[_first] = _levels[_first] with { Kept = [], Left = [] };
        return _levels[^1].Kept;
    }

    /// <summary>Gets the texts that are held.</summary>
    public IEnumerable<TextNode> Nodes => _levels.SelectMany(level => level.Kept).Select(text => text.Node);

    public void Clear()
    {
        _levels.Clear();
        (_first, _narrow) = (0, 0);
    }

    /// <summary>Forgets what was compared with other characters than were typed now.</summary>
    private void KeepCommon(TypedText typed, int final)
    {
        int common = _typed is null || goal.AcrossLines != _acrossLines ? 0 : typed.Common(_typed) - options.Typos + 1;
        int count = Math.Max(0, Math.Min(Math.Min(common, final + 1), _narrow));
        (_typed, _acrossLines) = (typed, goal.AcrossLines);
        if (count < _levels.Count)
            _levels.RemoveRange(count, _levels.Count - count);
        if (_first > FirstUsed(final))
            Clear();
        _narrow = _levels.Count;
    }

    private int CountSteps()
    {
        int steps = 0;
        for (int length = 0; length < _levels.Count; length++)
        {
            if (steps + _levels[length].Steps <= options.MaxSteps / 4 * 3)
                steps += _levels[length].Steps;
            else
                _levels.RemoveRange(length, _levels.Count - length);
        }

        if (Last >= _first)
            return steps;
        Clear();
        return 0;
    }

    /// <summary>Returns the least length whose texts may catch up, given the greatest of all.</summary>
    private int FirstUsed(int last) => Math.Max(0, last + 1 - _held);

    /// <summary>Returns the texts that are longer than others by one character.</summary>
    private ReadingLevel Next(IEnumerable<Branch> texts, TextGrowth growth, CancellationToken cancellationToken)
    {
        int steps = 0;
        var all = new List<Following>();
        foreach (Branch[] batch in texts.Chunk(TextTree.Lanes))
        {
            cancellationToken.ThrowIfCancellationRequested();
            tree.Read([.. batch.Select(text => text.Node)]);
            steps += batch.Length;
            // A text that is so much shorter than what was typed is never settled.
            all.AddRange(batch.Select(text => growth.Expand(text, int.MaxValue, settle: null)).Where(following => !following.IsEmpty));
        }

        double weight = LogSum.Of(all.Select(following => following.Weight));
        Branch[] kept = TakeBest(all, weight, growth);
        Following[] left = [.. all.Where(following => !following.IsEmpty)];
        return new ReadingLevel(
            kept,
            left,
            weight,
            LogSum.Of(left.Select(following => following.Weight)),
            left.Select(following => following.Score).DefaultIfEmpty(double.NegativeInfinity).Max(),
            steps);
    }

    private static Branch[] TakeBest(List<Following> all, double weight, TextGrowth growth)
    {
        var queue = new PriorityQueue<Following, double>(all.Select(following => (following, -following.Score)));
        var best = new List<Branch>();
        double left = 1;
        while (left > Behind && best.Count < TextTree.TextsOfLength && queue.TryDequeue(out Following? following, out double score))
        {
            left -= Math.Exp(-score - weight);
            best.Add(growth.Go(following.From, following.Take()));
            if (!following.IsEmpty)
                queue.Enqueue(following, -following.Score);
        }

        return [.. best];
    }
}
