using System.IO.Compression;
using System.Runtime.InteropServices;
using RnnLm.ModelFiles;
using RnnLm.Modeling;

namespace RnnLm.PyTorch;

/// <summary>Models to and from files of PyTorch.</summary>
internal static class TorchModel
{
    private const string Folder = "archive", Embedding = "embedding.weight", Output = "output.weight";

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tokens">The tokens in the order of their ids; null for those of the configuration.</param>
    /// <param name="config">The contents of a <c>config.json</c>; null for the file's own, if there is one and no tokens are given.</param>
    /// <param name="modules">What a module of the file stands for, where its name and shape do not tell.</param>
    /// <param name="nonlinearity">The activation of a plain recurrent network; null for the file's, or else tanh.</param>
    /// <param name="words">How messages name what can be said of the file; null for the library's options.</param>
    /// <param name="note">Takes what a user should know of a file that is read.</param>
    /// <exception cref="FormatException">The file is damaged, holds more than tensors, or other ones.</exception>
    /// <exception cref="MemoryLimitException">The model takes more memory than there is.</exception>
    public static SavedModel Read(string path, IReadOnlyList<string>? tokens = null, byte[]? config = null,
        ModuleNames? modules = null, Nonlinearity? nonlinearity = null, TorchWords? words = null, Action<string>? note = null)
    {
        words ??= TorchWords.Library;
        note ??= _ => { };
        try
        {
            using FileStream stream = File.OpenRead(path);
            using var file = TorchFile.Open(stream);
            var network = new TorchNetwork(file, modules ?? ModuleNames.Own, words, tokens?.Count);
            byte[]? own = file.Config;
            if (tokens is not null)
            {
                return own is null ? Read(network, new TorchTokens(tokens, words.VocabularyFile), nonlinearity, note)
                    : throw new FormatException($"it has the model's vocabulary in it, '{TorchZip.ConfigRecord}', which "
                    + $"{words.Tokens} would "
                        + $"contradict or repeat. Leave {words.Tokens} out");
            }

            bool isOwn = config is null;
            config ??= own ?? throw new FormatException("it says nothing of the characters that its rows stand for. Give the vocabulary by "
                + words.Tokens);
            SavedModel model = SavedModelReader.Read(config, model => network.Read(model, null, model.VocabularySize, isOwn ? null : note));
            return nonlinearity is null || (model.Config.Cell == CellType.Rnn && model.Config.Nonlinearity == nonlinearity) ? model
                : throw new FormatException($"it says what its activations are. Leave {words.Nonlinearity} out");
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new FormatException($"'{path}' can't be read: {e.Message.TrimEnd('.')}.", e);
        }
        catch (MemoryLimitException e)
        {
            throw e.In($"'{path}'");
        }
    }

    /// <summary>Writes the weights of a model, with its <c>config.json</c> as a record that PyTorch passes over.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidOperationException">A weight is not a finite number.</exception>
    public static void Write(Stream stream, SavedModel model)
    {
        var writer = new SavedModelWriter(model);
        WeightTensor[] stored = [.. model.Weights];
        List<(string, WeightTensor, string)> tensors = [.. stored.Select((tensor, i) => (tensor.Name, tensor, $"{i}"))];
        // A module whose output layer is the embedding has both names.
        if (model.Config.TieWeights)
            tensors.Insert(tensors.FindIndex(tensor => tensor.Item1 == "output.bias"), (Output, model.Weights[Embedding], "0"));

        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add("data.pkl", entry => entry.Write(PickleWriter.Write(tensors)));
        Add("byteorder", entry => entry.Write("little"u8));
        for (int i = 0; i < stored.Length; i++)
            Add($"data/{i}", entry => WriteFloats(entry, stored[i].Values));
        Add("version", entry => entry.Write("3\n"u8));
        Add(TorchZip.ConfigRecord, writer.WriteConfig);

        void Add(string name, Action<Stream> write)
        {
            using Stream entry = zip.CreateEntry($"{Folder}/{name}", CompressionLevel.NoCompression).Open();
            write(entry);
        }
    }

    private static SavedModel Read(TorchNetwork network, TorchTokens tokens, Nonlinearity? nonlinearity, Action<string> note)
    {
        ModelConfig config = network.FindConfig(tokens.Count, tokens.Vocabulary.Size, nonlinearity);
        return new SavedModel
        {
            Config = config,
            Weights = network.Read(config, tokens.Rows, tokens.Count, note),
            Vocabulary = tokens.Vocabulary,
            DataMode = tokens.Vocabulary.StartId is null ? DataMode.Stream : DataMode.Rows,
        };
    }

    private static void WriteFloats(Stream stream, float[] values)
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes<float>(values));
            return;
        }

        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        foreach (float value in values)
            writer.Write(value);
    }
}
