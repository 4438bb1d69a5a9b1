namespace RnnLm;

/// <summary>The kind of recurrent cell.</summary>
public enum CellType
{
    /// <summary>The plain recurrent cell of Elman (1990); see <see cref="Nonlinearity"/>.</summary>
    Rnn,

    /// <summary>Long short-term memory, Hochreiter and Schmidhuber (1997), with PyTorch's gate order i, f, g, o.</summary>
    Lstm,

    /// <summary>Gated recurrent unit, Cho et al. (2014), with PyTorch's gate order r, z, n.</summary>
    Gru,
}
