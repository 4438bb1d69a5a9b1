namespace RnnLm;

/// <summary>How the weights are drawn before training.</summary>
public enum WeightInitialization
{
    /// <summary>PyTorch's defaults: uniform in ±1/√hidden for the recurrent and output layers, standard normal for the embedding.</summary>
    PyTorch,

    /// <summary>Normal with mean 0 and the standard deviation <see cref="ModelOptions.InitializationStandardDeviation"/>; biases
    /// zero.</summary>
    Normal,

    /// <summary>Orthogonal recurrent matrices, one for each gate (Saxe et al., 2014); the rest as <see cref="PyTorch"/>, biases
    /// zero.</summary>
    Orthogonal,
}
