namespace RnnLm.Extensions.AI;

/// <summary>How a text becomes an embedding.</summary>
public sealed class RnnEmbeddingOptions
{
    /// <summary>Gets or sets whether the state after the text counts, or the mean or maximum of those after each of its
    /// characters.</summary>
    /// <value>The default value is <see cref="Pooling.Last"/>, as in the featurizer of ML.NET.</value>
    public Pooling Pooling { get; set; } = Pooling.Last;

    /// <summary>Gets or sets whether the states of all layers count, one after the other, or those of the top layer alone.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool AllLayers { get; set; }

    /// <summary>Gets or sets the condition that texts begin with, one of <see cref="RnnLanguageModel.Conditions"/>.</summary>
    /// <value>The default value is <see langword="null"/>: none, as an empty text is.</value>
    public string? Condition { get; set; }

    /// <summary>Gets or sets where a model that is loaded from a file runs.</summary>
    /// <value>By default the managed engine on the CPU.</value>
    public DeviceOptions Device { get; init; } = new();

    internal RnnEmbeddingOptions Clone() => new()
    {
        Pooling = Pooling,
        AllLayers = AllLayers,
        Condition = Condition,
        Device = Device.Clone(),
    };
}
