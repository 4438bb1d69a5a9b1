namespace RnnLm.Patterns;

/// <summary>A part of a pattern.</summary>
internal abstract record PatternNode
{
    private PatternNode()
    {
    }

    /// <summary>One UTF-16 unit.</summary>
    /// <param name="Set">What it may be.</param>
    /// <param name="Offset">Where it stands in the pattern.</param>
    /// <param name="Length">The number of characters that it takes in the pattern.</param>
    public sealed record Unit(CharacterSet Set, int Offset, int Length) : PatternNode;

    /// <summary>A place.</summary>
    public sealed record Anchor(PatternAnchor Kind) : PatternNode;

    /// <summary>One part after another; none is the empty text.</summary>
    public sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    /// <summary>One of several parts.</summary>
    public sealed record Choice(IReadOnlyList<PatternNode> Parts) : PatternNode;

    /// <summary>A part several times.</summary>
    /// <param name="Part">The part.</param>
    /// <param name="Least">How often at least.</param>
    /// <param name="Most">How often at most, or null without bound.</param>
    /// <param name="Offset">Where the quantifier stands in the pattern.</param>
    /// <param name="Source">The quantifier as it is written.</param>
    public sealed record Repeat(PatternNode Part, int Least, int? Most, int Offset, string Source) : PatternNode;
}
