namespace RnnLm.Engines;

/// <summary>The probabilities with which training leaves elements out of a step. They are no part of the model: a trained model never drops
/// anything.</summary>
internal sealed record DropoutRates
{
    /// <summary>Gets the rates that leave everything in.</summary>
    public static DropoutRates None { get; } = new();

    /// <summary>Gets the probability of dropping an output of a layer before the next layer.</summary>
    public double BetweenLayers { get; init; }

    /// <summary>Gets the probability of dropping an element of the embedding.</summary>
    public double Input { get; init; }

    /// <summary>Gets the probability of dropping an output of the last layer.</summary>
    public double Output { get; init; }

    /// <summary>Gets the probability of dropping a recurrent weight for a whole step.</summary>
    public double Recurrent { get; init; }

    internal static DropoutRates Of(ModelOptions options) => new()
    {
        BetweenLayers = options.Dropout,
        Input = options.InputDropout,
        Output = options.OutputDropout,
        Recurrent = options.RecurrentDropout,
    };
}
