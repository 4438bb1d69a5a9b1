using static RnnLm.Patterns.PatternProgram;

namespace RnnLm.Patterns;

/// <summary>Finds the fewest characters that a vocabulary would need more, for a pattern of which it can write no text.</summary>
internal sealed class MissingCharacters
{
    private readonly PatternProgram _program;
    private readonly TokenClasses _classes;
    private readonly PlaceSet _set;

    public MissingCharacters(PatternProgram program, TokenClasses classes) =>
        (_program, _classes, _set) = (program, classes, new PlaceSet(program));

    /// <summary>Says what is missing, as the pattern writes it.</summary>
    public string Describe()
    {
        List<PatternNode.Unit>? missing = Find();
        if (missing is null)
            return "no text at all matches it";
        var parts = new List<string>();
        for (int i = 0; i < missing.Count; i++)
        {
            string source = missing[i].Set.Source;
            // A character above U+FFFF is two units of the pattern, and what is written side by side is named together.
            for (; i + 1 < missing.Count && missing[i].Offset + missing[i].Length == missing[i + 1].Offset; i++)
                source += missing[i + 1].Set.Source;
            parts.Add($"'{source}'");
        }

        return $"the model's vocabulary has no character for {string.Join(" and ", parts.Distinct(StringComparer.Ordinal))}";
    }

    /// <summary>Looks for the way to a match with the fewest missing units: ways are followed in the order of how many they lack.</summary>
    private List<PatternNode.Unit>? Find()
    {
        // Of each set, whether it has units that are not line feeds, and whether it has line feeds.
        (bool Others, bool LineFeed)[] sets =
        [
            .. from set in _program.Sets
               let has = set.FindAll()
               select (has.Where((_, unit) => unit != '\n').Contains(true), has['\n'])
        ];
        var seen = new HashSet<int>();
        var open = new LinkedList<Way>();
        foreach (int place in _set.Begin())
            open.AddLast(new Way(place, null, null));
        while (open.First is { } first)
        {
            open.RemoveFirst();
            Way way = first.Value;
            Instruction instruction = _program.Instructions[PlaceSet.InstructionOf(way.Place)];
            if (instruction.Kind == InstructionKind.Accept)
                return way.Missing();
            if (!seen.Add(way.Place))
                continue;
            for (int tokenClass = 0; tokenClass < _classes.Count; tokenClass++)
            {
                foreach (int place in _classes.Next(_set, [way.Place], tokenClass))
                    open.AddFirst(new Way(place, way, null));
            }

            var any = new bool[sets.Length];
            any[instruction.Argument] = true;
            IEnumerable<int> lacking = [
                .. sets[instruction.Argument].Others ? _set.Next([way.Place], any, isLineFeed: false) : [],
                .. sets[instruction.Argument].LineFeed ? _set.Next([way.Place], any, isLineFeed: true) : []];
            foreach (int place in lacking)
                open.AddLast(new Way(place, way, instruction.Source));
        }

        return null;
    }

    /// <summary>How a place was come to.</summary>
    /// <param name="Place">The place.</param>
    /// <param name="Before">The one before it.</param>
    /// <param name="Lacking">What the vocabulary lacks for the step between them, if anything.</param>
    private sealed record Way(int Place, Way? Before, PatternNode.Unit? Lacking)
    {
        public List<PatternNode.Unit> Missing()
        {
            var missing = new List<PatternNode.Unit>();
            for (Way? way = this; way is not null; way = way.Before)
            {
                if (way.Lacking is not null)
                    missing.Insert(0, way.Lacking);
            }

            return missing;
        }
    }
}
