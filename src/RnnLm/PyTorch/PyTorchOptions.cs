namespace RnnLm;

/// <summary>What a file of PyTorch does not say of its model.</summary>
public sealed class PyTorchOptions
{
    /// <summary>
    /// Gets or sets the tokens in the order of their ids, as the rows of the embedding stand for them: characters, and special tokens by
    /// their usual names, <c>&lt;unk&gt;</c>, <c>&lt;s&gt;</c>, <c>&lt;/s&gt;</c> and <c>&lt;pad&gt;</c>.
    /// <see cref="PyTorchFile.ReadVocabulary"/> reads them from a file.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: those that <see cref="PyTorchFile.Save"/> put into the file.</value>
    public IReadOnlyList<string>? Tokens { get; set; }

    /// <summary>Gets the modules of the file that stand for <c>embedding</c>, <c>rnn</c> or <c>output</c>, where their shapes do not tell:
    /// <c>Modules["decoder.fc"] = "output"</c>. An empty name leaves a module out that the model does not need:
    /// <c>Modules["auxiliary"] = ""</c>.</summary>
    public IDictionary<string, string> Modules { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets or sets the activation of a plain recurrent network, which the file does not tell.</summary>
    /// <value>The default value is <see cref="Nonlinearity.Tanh"/>, PyTorch's own.</value>
    public Nonlinearity Nonlinearity { get; set; } = Nonlinearity.Tanh;

    /// <summary>Gets or sets where the model is to run.</summary>
    /// <value>By default the managed engine on the CPU.</value>
    public DeviceOptions Device { get; init; } = new();
}
