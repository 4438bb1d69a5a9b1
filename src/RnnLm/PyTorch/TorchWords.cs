namespace RnnLm.PyTorch;

/// <summary>How messages name what a user can say of a file: by the library's options, or by those of a command line.</summary>
/// <param name="Tokens">The option for the vocabulary.</param>
/// <param name="Nonlinearity">The option for the activation.</param>
/// <param name="Map">The option that lets a module stand for a part of the model; an empty part leaves it out.</param>
/// <param name="VocabularyFile">The file that the tokens are from; null where they are from none.</param>
internal sealed record TorchWords(
    string Tokens, string Nonlinearity, Func<string, string, string> Map, string? VocabularyFile = null)
{
    public static TorchWords Library { get; } = new(nameof(PyTorchOptions.Tokens), nameof(PyTorchOptions.Nonlinearity),
        (module, part) => $"{nameof(PyTorchOptions.Modules)}[\"{module}\"] = \"{part}\"");
}
