namespace RnnLm;

/// <summary>The activation of a plain <see cref="CellType.Rnn"/> cell.</summary>
public enum Nonlinearity
{
    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>The rectifier max(0, x).</summary>
    Relu,
}
