namespace RnnLm;

/// <summary>How much the classes of a classifier count in its loss.</summary>
public enum ClassWeighting
{
    /// <summary>Each text counts 1.</summary>
    None,

    /// <summary>Each class counts the same: a text of class c counts n / (C · n_c), as scikit-learn's <c>class_weight="balanced"</c>.</summary>
    Balanced,

    /// <summary>Half way between the two: a text of class c counts √(n / (C · n_c)). Rare classes are found more often, at a lesser price in accuracy.</summary>
    SquareRoot,
}
