using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>The shape of a language model's network.</summary>
public sealed class LanguageModelNetworkOptions : ModelOptions
{
    /// <summary>
    /// Gets or sets whether the output layer uses the embedding as its weights (Press and Wolf, 2017). Needs
    /// <see cref="ModelOptions.EmbeddingSize"/> equal to <see cref="ModelOptions.HiddenSize"/>.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    [OnResume(mayChange: false)]
    public bool TieWeights { get; set; }

    internal new LanguageModelNetworkOptions Clone() => (LanguageModelNetworkOptions)base.Clone();

    internal override void Check(OptionFaults all)
    {
        base.Check(all);
        OptionFaults faults = all.In("Model");
        faults.Require(!TieWeights || EmbeddingSize == HiddenSize, nameof(TieWeights),
            $"needs {faults[nameof(EmbeddingSize)]} equal to {faults[nameof(HiddenSize)]}, but they are {EmbeddingSize} and {HiddenSize}");
    }
}
