using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using RnnLm.Text;

namespace RnnLm.Patterns;

/// <summary>
/// Says at each step of a text which tokens may come, so that it ends within its lengths and matches. What is worked out for a state is
/// kept. Safe for use by many threads.
/// </summary>
internal sealed class PatternGuide
{
    /// <summary>States and characters of the least length multiply to so many at most.</summary>
    private const int MostDistances = 8_000_000;

    /// <summary>So many numbers of masks are kept; where there are more, those of states seen later are made anew each time.</summary>
    private const long MostKept = 2_000_000;

    private readonly int _minLength;
    private readonly int[] _distances;   // [minLength + 1, state]: characters until the text may end, after so many
    private readonly Step?[] _steps;   // likewise
    private readonly ConcurrentDictionary<int[], float[]> _masks = new(IntegersComparer.Instance);

    /// <param name="automaton">The pattern.</param>
    /// <param name="minLength">The least number of characters that are written.</param>
    /// <exception cref="PatternException">There is too much to be worked out.</exception>
    public PatternGuide(PatternAutomaton automaton, int minLength)
    {
        long size = (minLength + 1L) * automaton.States;
        if (size > MostDistances)
        {
            throw new PatternException($"has {automaton.States:N0} states, for each of the {minLength:N0} characters that are written at "
                + "least; together these are too many. Say in the pattern how long a text is, and ask for no least length");
        }

        (Automaton, _minLength) = (automaton, minLength);
        _steps = new Step?[size];
        _distances = FindDistances();
    }

    public PatternAutomaton Automaton { get; }

    /// <summary>Gets how many numbers its tables have, but for the masks.</summary>
    public long Numbers => _distances.LongLength + _steps.LongLength + ((long)Automaton.States * Automaton.Classes);

    /// <summary>Returns where a text stands that follows another one, which may have characters out of the vocabulary.</summary>
    /// <exception cref="PatternException">It has such characters, and then there is too much to be worked out.</exception>
    public PatternPlace Read(ReadOnlySpan<char> before)
    {
        int state = Automaton.Start;
        for (ReadOnlySpan<char> rest = before; !rest.IsEmpty;)
        {
            OperationStatus status = Rune.DecodeFromUtf16(rest, out Rune character, out int units);
            if (status != OperationStatus.Done || !Automaton.Vocabulary.TryGetId(character, out int id))
            {
                PatternAutomaton after = Automaton.After(before);
                return new PatternPlace(new PatternGuide(after, _minLength), after.Start);
            }

            state = Automaton.Next(state, id);
            rest = rest[units..];
        }

        return new PatternPlace(this, state);
    }

    /// <summary>Returns the least number of characters after which a text may end, 0 where it may end here; or <see cref="PatternAutomaton.Never"/>.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="written">The number of characters written so far.</param>
    public int Distance(int state, int written) =>
        state == PatternAutomaton.Dead ? PatternAutomaton.Never : _distances[Index(state, written)];

    /// <summary>Returns whether a text can go on, and still end within the characters left.</summary>
    public bool CanContinue(int state, int written, int left) => state != PatternAutomaton.Dead && Find(state, written).Allows(left);

    /// <summary>
    /// Returns what is to be added to logits: 0 for tokens that may come, else negative infinity. The end token is the caller's to forbid.
    /// // [V]
    /// </summary>
    public float[] Mask(int state, int written, int left) =>
        state == PatternAutomaton.Dead ? MaskOf([]) : Find(state, written).Mask(left) ?? MaskOf([]);

    private int Index(int state, int written) => (Math.Min(written, _minLength) * Automaton.States) + state;

    private int[] FindDistances()
    {
        int states = Automaton.States;
        var distances = new int[_steps.Length];
        Span<int> after = distances.AsSpan(_minLength * states, states);
        for (int state = 0; state < states; state++)
            after[state] = Automaton.Distance(state);
        for (int written = _minLength - 1; written >= 0; written--)
        {
            Span<int> row = distances.AsSpan(written * states, states);
            row.Fill(PatternAutomaton.Never);
            for (int state = 0; state < states; state++)
            {
                for (int tokenClass = 0; tokenClass < Automaton.Classes; tokenClass++)
                {
                    int to = Automaton.NextOfClass(state, tokenClass);
                    if (to != PatternAutomaton.Dead && after[to] != PatternAutomaton.Never)
                        row[state] = Math.Min(row[state], after[to] + 1);
                }
            }

            after = row;
        }

        return distances;
    }

    private Step Find(int state, int written)
    {
        ref Step? step = ref _steps[Index(state, written)];
        if (Volatile.Read(ref step) is { } known)
            return known;
        // Two threads may work out the same; either is right.
        Step made = Make(state, written);
        if ((long)_masks.Count * Automaton.Vocabulary.Size < MostKept)
            Volatile.Write(ref step, made);
        return made;
    }

    private Step Make(int state, int written)
    {
        (int TokenClass, int Needed)[] classes = [.. Enumerable.Range(0, Automaton.Classes)
            .Select(tokenClass => (tokenClass, Distance(Automaton.NextOfClass(state, tokenClass), written + 1)))
            .Where(entry => entry.Item2 != PatternAutomaton.Never)];
        int[] needed = [.. classes.Select(entry => entry.Needed).Distinct().Order()];
        return new Step(needed, [.. needed.Select(MaskWithin)]);

        float[] MaskWithin(int most) => MaskOf([.. classes.Where(entry => entry.Needed <= most).Select(entry => entry.TokenClass)]);
    }

    private float[] MaskOf(int[] classes)
    {
        if (_masks.TryGetValue(classes, out float[]? mask))
            return mask;
        CharVocabulary vocabulary = Automaton.Vocabulary;
        mask = new float[vocabulary.Size];
        for (int token = 0; token < mask.Length; token++)
        {
            bool mayCome = token == vocabulary.EndId || Array.BinarySearch(classes, Automaton.ClassOf(token)) >= 0;
            mask[token] = mayCome ? 0 : float.NegativeInfinity;
        }

        if ((long)_masks.Count * vocabulary.Size < MostKept)
            _masks.TryAdd(classes, mask);
        return mask;
    }

    /// <summary>What may come next.</summary>
    /// <param name="needed">The numbers of characters that must be left after the next, least first.</param>
    /// <param name="masks">For each of them, what may then come.</param>
    private sealed class Step(int[] needed, float[][] masks)
    {
        public bool Allows(int left) => needed.Length > 0 && needed[0] < left;

        public float[]? Mask(int left)
        {
            int last = needed.Length - 1;
            while (last >= 0 && needed[last] >= left)
                last--;
            return last >= 0 ? masks[last] : null;
        }
    }
}
