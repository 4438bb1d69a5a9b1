namespace RnnLm.Patterns;

/// <summary>A place that a pattern asks for, without taking a character.</summary>
internal enum PatternAnchor
{
    /// <summary>The beginning of the text.</summary>
    Beginning,

    /// <summary>The beginning of a line.</summary>
    LineBeginning,

    /// <summary>The end of the text, or a line feed that ends it.</summary>
    FinalLineEnd,

    /// <summary>The end of a line.</summary>
    LineEnd,

    /// <summary>The end of the text.</summary>
    End,
}
