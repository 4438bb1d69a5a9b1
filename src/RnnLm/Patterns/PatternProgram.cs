namespace RnnLm.Patterns;

/// <summary>
/// A pattern as a nondeterministic automaton (Thompson, 1968): instructions that take a unit, branch, or ask for a place.
/// </summary>
internal sealed class PatternProgram
{
    /// <summary>Repeats are written out, so this bounds what their bounds multiply to.</summary>
    public const int MostInstructions = 100_000;

    private readonly List<Instruction> _instructions = [];
    private readonly Dictionary<CharacterSet, int> _setIds = [];
    private readonly List<CharacterSet> _sets = [];

    private PatternProgram(PatternNode root)
    {
        Accept = Add(new Instruction(InstructionKind.Accept));
        Start = Emit(root, Accept);
    }

    public IReadOnlyList<Instruction> Instructions => _instructions;

    /// <summary>Gets the sets that instructions name by their index.</summary>
    public IReadOnlyList<CharacterSet> Sets => _sets;

    public int Start { get; }

    /// <summary>Gets the instruction that ends a match.</summary>
    public int Accept { get; }

    /// <summary>Writes a pattern out.</summary>
    /// <exception cref="PatternException">It would have too many instructions.</exception>
    public static PatternProgram Compile(PatternNode root)
    {
        if (Size(root) > MostInstructions)
            throw TooLarge("");
        return new PatternProgram(root);
    }

    private static PatternException TooLarge(string where) => new(
        $"needs more than {MostInstructions:N0} states{where}. Lower the bounds of its repeats, or leave the upper ones open");

    /// <summary>Returns the number of instructions, and stops at the first repeat that makes them too many.</summary>
    private static long Size(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Sequence sequence:
                return sequence.Parts.Sum(Size);
            case PatternNode.Choice choice:
                return choice.Parts.Sum(part => Size(part) + 1) - 1;
            case PatternNode.Repeat repeat:
                long part = Size(repeat.Part);
                // Both factors are below 2³¹ and 10⁵, so nothing overflows.
                long size = (part * repeat.Least) + ((part + 1) * (repeat.Most is int most ? most - repeat.Least : 1));
                return size <= MostInstructions
                    ? size
                    : throw TooLarge($" because of the repeat '{repeat.Source}' at offset {repeat.Offset}");
            default:
                return 1;
        }
    }

    private int Add(Instruction instruction)
    {
        _instructions.Add(instruction);
        return _instructions.Count - 1;
    }

    /// <summary>Writes a part that goes on with an instruction, and returns its first.</summary>
    private int Emit(PatternNode node, int next)
    {
        switch (node)
        {
            case PatternNode.Unit unit:
                return Add(new Instruction(InstructionKind.Unit, next, Argument: SetId(unit.Set)) { Source = unit });
            case PatternNode.Anchor anchor:
                return Add(new Instruction(InstructionKind.Anchor, next, Argument: (int)anchor.Kind));
            case PatternNode.Sequence sequence:
                for (int i = sequence.Parts.Count - 1; i >= 0; i--)
                    next = Emit(sequence.Parts[i], next);
                return next;
            case PatternNode.Choice choice:
                int first = Emit(choice.Parts[^1], next);
                for (int i = choice.Parts.Count - 2; i >= 0; i--)
                    first = Add(new Instruction(InstructionKind.Branch, Emit(choice.Parts[i], next), first));
                return first;
            default:
                return EmitRepeat((PatternNode.Repeat)node, next);
        }
    }

    private int EmitRepeat(PatternNode.Repeat repeat, int next)
    {
        int first = next;
        if (repeat.Most is int most)
        {
            for (int i = repeat.Least; i < most; i++)
                first = Add(new Instruction(InstructionKind.Branch, Emit(repeat.Part, first), next));
        }
        else
        {
            first = Add(default);
            _instructions[first] = new Instruction(InstructionKind.Branch, Emit(repeat.Part, first), next);
        }

        for (int i = 0; i < repeat.Least; i++)
            first = Emit(repeat.Part, first);
        return first;
    }

    private int SetId(CharacterSet set)
    {
        if (!_setIds.TryGetValue(set, out int id))
        {
            _setIds.Add(set, id = _sets.Count);
            _sets.Add(set);
        }

        return id;
    }

    /// <summary>What an instruction does.</summary>
    public enum InstructionKind
    {
        Accept,
        Unit,
        Branch,
        Anchor,
    }

    /// <summary>A step of the automaton.</summary>
    /// <param name="Kind">What it does.</param>
    /// <param name="Next">Where it goes on.</param>
    /// <param name="Other">Where a branch goes on too.</param>
    /// <param name="Argument">The index of a unit's set, or the kind of an anchor.</param>
    public readonly record struct Instruction(InstructionKind Kind, int Next = -1, int Other = -1, int Argument = -1)
    {
        /// <summary>Gets where a unit stands in the pattern.</summary>
        public PatternNode.Unit? Source { get; init; }
    }
}
