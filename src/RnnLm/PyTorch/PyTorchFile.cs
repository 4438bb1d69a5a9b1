using RnnLm.Files;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.PyTorch;
using RnnLm.Runtime;

namespace RnnLm;

/// <summary>
/// Language models to and from files of PyTorch (<c>.pth</c>): a state_dict with the weights of <c>nn.Embedding</c>, of <c>nn.RNN</c>,
/// <c>nn.LSTM</c> or <c>nn.GRU</c>, and of <c>nn.Linear</c>. Neither PyTorch nor Python is needed, and no code in a file is run.
/// </summary>
public static class PyTorchFile
{
    /// <summary>Loads a language model from a state_dict that <c>torch.save</c> or <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What it does not say; <see langword="null"/> for a file of <see cref="Save"/>.</param>
    /// <returns>The model, to be disposed.</returns>
    /// <exception cref="FormatException">The file is damaged, holds more than tensors, or other tensors than such a model has; the message
    /// lists all that differ.</exception>
    /// <exception cref="MemoryLimitException">The model takes more memory than there is.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static RnnLanguageModel Load(string path, PyTorchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new PyTorchOptions();
        SavedModel model = TorchModel.Read(path, options.Tokens, config: null, new ModuleNames(options.Modules.AsReadOnly()),
            options.Nonlinearity == Nonlinearity.Tanh ? null : options.Nonlinearity);
        if (model.Signature != MemberSignature.LanguageModel)
            throw new FormatException($"'{path}' holds a text classifier, not a language model.");
        return new RnnLanguageModel(new LoadedModel(model, options.Device));
    }

    /// <summary>
    /// Saves a model's weights as a state_dict, which <c>torch.load(path, weights_only=True)</c> reads, with all else of the model in a
    /// record beside it, <c>archive/extra/config.json</c>, which PyTorch passes over. The file is replaced as a whole or not at all.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe.</exception>
    public static void Save(RnnLanguageModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        AtomicFile.Write(path, stream => TorchModel.Write(stream, model.Saved));
    }

    /// <summary>
    /// Reads the tokens of a model from a file: JSON (<c>*.json</c>), a list of tokens or an object of tokens with their ids; or else a
    /// token in each line, with a line feed written as <c>\n</c>, a tab as <c>\t</c>, any character as <c>\u00e9</c> and a backslash as
    /// <c>\\</c>.
    /// </summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <returns>The tokens in the order of their ids.</returns>
    /// <exception cref="FormatException">The file is neither; the message says where.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IReadOnlyList<string> ReadVocabulary(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return TorchVocabulary.Read(path);
    }
}
