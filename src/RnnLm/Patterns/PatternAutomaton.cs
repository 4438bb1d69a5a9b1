using System.Numerics;
using RnnLm.Text;

namespace RnnLm.Patterns;

/// <summary>
/// A pattern over the characters of a vocabulary, as a deterministic automaton. A text of these characters takes it from <see
/// cref="Start"/> to an accepting state exactly where .NET's <see cref="System.Text.RegularExpressions.Regex"/> matches it from its
/// beginning to its end. Immutable, and safe for use by many threads.
/// </summary>
internal sealed class PatternAutomaton
{
    /// <summary>The state of a text that no continuation over the vocabulary brings to a match.</summary>
    public const int Dead = -1;

    /// <summary>The distance from the dead state.</summary>
    public const int Never = int.MaxValue;

    private const int MostStates = 50_000, MostTransitions = 16_000_000;

    /// <summary>So many places of the program are gone through at most: a bound on the time and memory that it takes.</summary>
    private const int MostVisited = 20_000_000;

    private readonly PatternProgram _program;
    private readonly TokenClasses _classes;
    private readonly int[] _next;       // [state, class]
    private readonly int[] _distances;  // [state]
    private readonly bool[] _isAccepting;   // [state]

    private PatternAutomaton(PatternProgram program, CharVocabulary vocabulary, ReadOnlySpan<char> read)
    {
        (_program, Vocabulary) = (program, vocabulary);
        _classes = new TokenClasses(program.Sets, vocabulary, read);
        var set = new PlaceSet(program);
        int[] start = set.Begin();
        foreach (char unit in read)
            start = _classes.Next(set, start, unit);
        (_next, _isAccepting) = Explore(set, start);
        _distances = FindDistances();
        for (int i = 0; i < _next.Length; i++)
            _next[i] = Distance(_next[i]) == Never ? Dead : _next[i];
    }

    /// <summary>Gets the state before the first character.</summary>
    public int Start => Distance(0) == Never ? Dead : 0;

    /// <summary>Gets the number of states.</summary>
    public int States => _isAccepting.Length;

    /// <summary>Gets the number of classes of characters.</summary>
    public int Classes => _classes.Count;

    public CharVocabulary Vocabulary { get; }

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="PatternException">It needs too many states.</exception>
    public static PatternAutomaton Compile(PatternNode pattern, CharVocabulary vocabulary) =>
        new(PatternProgram.Compile(pattern), vocabulary, []);

    /// <summary>Returns the automaton of what may follow a text that has characters out of the vocabulary.</summary>
    /// <exception cref="PatternException">It needs too many states.</exception>
    public PatternAutomaton After(ReadOnlySpan<char> text) => new(_program, Vocabulary, text);

    /// <summary>Says which characters the pattern asks for and the vocabulary lacks, where no text matches.</summary>
    public string DescribeMissing() => new MissingCharacters(_program, _classes).Describe();

    /// <summary>Returns the state after one more token.</summary>
    public int Next(int state, int token)
    {
        int tokenClass = _classes.OfToken(token);
        return tokenClass < 0 ? Dead : NextOfClass(state, tokenClass);
    }

    /// <summary>Returns the state after a token of a class.</summary>
    public int NextOfClass(int state, int tokenClass) => state == Dead ? Dead : _next[(state * Classes) + tokenClass];

    /// <summary>Returns the class of a token, or -1 for one that the pattern has nowhere.</summary>
    public int ClassOf(int token) => _classes.OfToken(token);

    /// <summary>Returns whether the text so far matches.</summary>
    public bool IsAccepting(int state) => state != Dead && _isAccepting[state];

    /// <summary>Returns the least number of characters after which a text matches, or <see cref="Never"/>.</summary>
    public int Distance(int state) => state == Dead ? Never : _distances[state];

    /// <summary>Returns the number of texts that match and go on from a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="minLength">The least number of characters that they have yet.</param>
    /// <param name="maxLength">The most.</param>
    /// <param name="enough">A number at which counting may stop; what is returned is then at least that. Null to count all.</param>
    public BigInteger Count(int state, int minLength, int maxLength, BigInteger? enough = null)
    {
        if (state == Dead)
            return 0;
        // [state]: the texts of one length that lead from it to a match.
        BigInteger[] counts = [.. _isAccepting.Select(isAccepting => isAccepting ? BigInteger.One : BigInteger.Zero)];
        var longer = new BigInteger[States];
        BigInteger sum = 0;
        for (int length = 0; length <= maxLength; length++)
        {
            sum += length >= minLength ? counts[state] : 0;
            if (sum >= enough || counts.All(count => count.IsZero))
                break;
            for (int from = 0; from < States; from++)
            {
                longer[from] = 0;
                for (int tokenClass = 0; tokenClass < Classes; tokenClass++)
                {
                    int to = NextOfClass(from, tokenClass);
                    if (to != Dead)
                        longer[from] += _classes.TokensIn(tokenClass) * counts[to];
                }

                if (longer[from] > enough)
                    longer[from] = enough.Value;
            }

            (counts, longer) = (longer, counts);
        }

        return sum;
    }

    /// <summary>Finds all states and transitions (the subset construction of Rabin and Scott, 1959).</summary>
    private (int[] Next, bool[] IsAccepting) Explore(PlaceSet set, int[] start)
    {
        var ids = new Dictionary<int[], int>(IntegersComparer.Instance) { [start] = 0 };
        List<int[]> states = [start];
        var next = new List<int>();
        for (int state = 0; state < states.Count; state++)
        {
            for (int tokenClass = 0; tokenClass < Classes; tokenClass++)
            {
                int[] to = _classes.Next(set, states[state], tokenClass);
                if (to.Length == 0)
                {
                    next.Add(Dead);
                    continue;
                }

                if (!ids.TryGetValue(to, out int id))
                {
                    ids.Add(to, id = states.Count);
                    states.Add(to);
                }

                next.Add(id);
            }

            string? tooMuch = states.Count > MostStates || next.Count > MostTransitions
                ? $"{Math.Min(states.Count - 1, MostStates):N0} states"
                : set.Visited > MostVisited ? $"{MostVisited:N0} steps to find its states, of which there are {states.Count:N0} so far"
                : null;
            if (tooMuch is not null)
            {
                throw new PatternException($"needs more than {tooMuch}, because its repeats and alternatives match the same text in many "
                    + "ways. Lower the bounds of its repeats, or say what must stand between them");
            }
        }

        return ([.. next], [.. states.Select(found => found.Any(place => PlaceSet.InstructionOf(place) == _program.Accept))]);
    }

    /// <summary>Goes from the accepting states back, one character at a time.</summary>
    private int[] FindDistances()
    {
        var before = new List<int>[States];
        int[] distances = [.. _isAccepting.Select(isAccepting => isAccepting ? 0 : Never)];
        var reached = new Queue<int>();
        for (int state = 0; state < States; state++)
        {
            if (_isAccepting[state])
                reached.Enqueue(state);
            for (int tokenClass = 0; tokenClass < Classes; tokenClass++)
            {
                int to = _next[(state * Classes) + tokenClass];
                if (to != Dead)
                    (before[to] ??= []).Add(state);
            }
        }

        while (reached.TryDequeue(out int state))
        {
            foreach (int from in before[state] ?? [])
            {
                if (distances[from] != Never)
                    continue;
                distances[from] = distances[state] + 1;
                reached.Enqueue(from);
            }
        }

        return distances;
    }
}
