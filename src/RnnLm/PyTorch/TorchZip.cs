using RnnLm.ModelFiles;

namespace RnnLm.PyTorch;

/// <summary>A file of PyTorch since 1.6: a zip with the folders' names of its own, <c>NAME/data.pkl</c> and <c>NAME/data/0</c>,
/// ….</summary>
internal sealed class TorchZip : TorchFile
{
    /// <summary>The name of the record with our own <c>config.json</c>, which PyTorch passes over.</summary>
    public const string ConfigRecord = "extra/" + SavedModel.ConfigName;

    private readonly ModelZip _zip;
    private readonly string _folder;

    public TorchZip(Stream stream)
    {
        _zip = new ModelZip(stream);
        string[] folders = [.. _zip.FoldersWith("data.pkl")];
        _folder = folders.Length == 1 ? folders[0]
            : throw new FormatException("it is a zip archive, but not a file of PyTorch: it has no data.pkl in a folder, or several");
        if (_zip.Contains($"{_folder}/constants.pkl"))
            throw new FormatException("it is a program of TorchScript. Load it in Python, and save its weights: "
                + "torch.save(torch.jit.load(path).state_dict(), other)");
        if (_zip.Contains($"{_folder}/byteorder"))
        {
            using Stream order = _zip.Open($"{_folder}/byteorder", out _);
            if (new StreamReader(order).ReadToEnd().Trim() != "little")
                throw new FormatException("it was written on a big-endian machine. Load it in Python on another, and save it anew");
        }

        using Stream pickle = _zip.Open($"{_folder}/data.pkl", out _);
        Tensors = StateDict.Find(PickleReader.Read(pickle));
    }

    public override byte[]? Config
    {
        get
        {
            if (!_zip.Contains($"{_folder}/{ConfigRecord}"))
                return null;
            using Stream config = _zip.Open($"{_folder}/{ConfigRecord}", out _);
            return SavedModelReader.ReadConfig(config);
        }
    }

    public override void Dispose() => _zip.Dispose();

    protected override byte[] ReadStorage(TorchStorage storage)
    {
        using Stream stream = _zip.Open($"{_folder}/data/{storage.Key}", out long length);
        return length >= storage.Length ? ReadStorage(storage, stream)
            : throw new FormatException($"its storage '{storage.Key}' has {length} bytes, but its tensors need {storage.Length}");
    }
}
