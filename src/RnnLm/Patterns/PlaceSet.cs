using static RnnLm.Patterns.PatternProgram;

namespace RnnLm.Patterns;

/// <summary>
/// The places in a program that a text may have come to, as they are gathered: through branches and anchors to the instructions that take a
/// unit or accept. A place is an instruction and what an anchor passed before still asks of the rest of the text.
/// </summary>
internal sealed class PlaceSet
{
    // What the rest of the text must be. Each asks for more than those before it, so of two the greater holds.
    private const int Anything = 0, EmptyOrFromLineFeed = 1, EmptyOrLineFeed = 2, Empty = 3, Rests = 4;

    private readonly PatternProgram _program;
    private readonly int[] _stamps;
    private readonly List<int> _found = [];
    private readonly Stack<int> _open = [];
    private int _stamp;

    public PlaceSet(PatternProgram program)
    {
        _program = program;
        _stamps = new int[program.Instructions.Count * Rests];
    }

    /// <summary>Gets the number of places gone through so far, which is the work that was done.</summary>
    public long Visited { get; private set; }

    /// <summary>Returns the instruction of a place.</summary>
    public static int InstructionOf(int place) => place / Rests;

    /// <summary>Returns the places at the beginning of a text.</summary>
    public int[] Begin()
    {
        Clear();
        Add(_program.Start, Anything, atBeginning: true, afterLineFeed: true);
        return Take();
    }

    /// <summary>Returns the places that a unit leads to, in order.</summary>
    /// <param name="places">The places before it.</param>
    /// <param name="hasUnit">Says by its index whether a set has the unit.</param>
    /// <param name="isLineFeed">Whether it is a line feed.</param>
    public int[] Next(int[] places, bool[] hasUnit, bool isLineFeed)
    {
        Clear();
        foreach (int place in places)
        {
            Instruction instruction = _program.Instructions[place / Rests];
            int rest = place % Rests;
            bool mayFollow = rest == Anything || (isLineFeed && rest != Empty);
            if (instruction.Kind == InstructionKind.Unit && hasUnit[instruction.Argument] && mayFollow)
                Add(instruction.Next, rest == EmptyOrLineFeed ? Empty : Anything, atBeginning: false, isLineFeed);
        }

        return Take();
    }

    private void Clear()
    {
        _stamp++;
        _found.Clear();
    }

    private int[] Take()
    {
        _found.Sort();
        return [.. _found];
    }

    private void Add(int start, int startRest, bool atBeginning, bool afterLineFeed)
    {
        _open.Push((start * Rests) + startRest);
        while (_open.TryPop(out int place))
        {
            if (_stamps[place] == _stamp)
                continue;
            _stamps[place] = _stamp;
            Visited++;
            int rest = place % Rests;
            Instruction instruction = _program.Instructions[place / Rests];
            switch (instruction.Kind)
            {
                case InstructionKind.Branch:
                    _open.Push((instruction.Next * Rests) + rest);
                    _open.Push((instruction.Other * Rests) + rest);
                    break;
                case InstructionKind.Anchor:
                    if (Passes((PatternAnchor)instruction.Argument, ref rest, atBeginning, afterLineFeed))
                        _open.Push((instruction.Next * Rests) + rest);
                    break;
                case InstructionKind.Unit when rest == Empty:
                    break;
                case InstructionKind.Accept when rest != Anything:
                    // The text may end here, and then nothing is left to be asked of its rest.
                    _open.Push(place - rest);
                    break;
                default:
                    _found.Add(place);
                    break;
            }
        }
    }

    private static bool Passes(PatternAnchor anchor, ref int rest, bool atBeginning, bool afterLineFeed)
    {
        rest = Math.Max(rest, anchor switch
        {
            PatternAnchor.LineEnd => EmptyOrFromLineFeed,
            PatternAnchor.FinalLineEnd => EmptyOrLineFeed,
            PatternAnchor.End => Empty,
            _ => Anything,
        });
        return anchor switch
        {
            PatternAnchor.Beginning => atBeginning,
            PatternAnchor.LineBeginning => atBeginning || afterLineFeed,
            _ => true,
        };
    }
}
