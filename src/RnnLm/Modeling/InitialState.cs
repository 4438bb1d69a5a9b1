namespace RnnLm;

/// <summary>The hidden state from which a sequence starts. An LSTM's cell state starts likewise, except that <see cref="Ones"/> and
/// <see cref="Normal"/> leave it at zero.</summary>
public enum InitialState
{
    /// <summary>All zeros.</summary>
    Zeros,

    /// <summary>All ones.</summary>
    Ones,

    /// <summary>Drawn from the standard normal distribution, anew for each sequence.</summary>
    Normal,

    /// <summary>Parameters that are trained with the model.</summary>
    Learned,
}
