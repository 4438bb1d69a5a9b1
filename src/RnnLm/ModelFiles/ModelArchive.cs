using System.IO.Compression;
using RnnLm.Files;

namespace RnnLm.ModelFiles;

/// <summary>
/// Model files: the zip that ML.NET's <c>Model.Save</c> writes, made and read without ML.NET. Folder <c>TransformerChain</c> holds the
/// chain, its members in <c>Transform_000</c>, … or nested deeper; ours has <see cref="SavedModel.ConfigName"/> and
/// <see cref="SavedModel.WeightsName"/> beside its <c>Model.key</c>.
/// </summary>
internal static class ModelArchive
{
    private const string ChainFolder = "TransformerChain";
    private const string ChainSignature = "TransformerChain";
    private const string MachineLearningData = "Microsoft.ML.Data, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";

    /// <summary>Writes a model as a chain of one member. The file is replaced as a whole or not at all.</summary>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe.</exception>
    /// <exception cref="InvalidOperationException">A weight is not a finite number.</exception>
    public static void Save(string path, SavedModel model)
    {
        var writer = new SavedModelWriter(model);
        AtomicFile.Write(path, stream => Save(stream, model, writer));
    }

    /// <summary>Writes a model as a chain of one member.</summary>
    public static void Save(Stream stream, SavedModel model) => Save(stream, model, new SavedModelWriter(model));

    /// <summary>Reads a model, whether ML.NET wrote the file or we did.</summary>
    /// <param name="path">The file.</param>
    /// <param name="member">The folder of the member to read, or <see langword="null"/> for the first of <paramref name="kind"/>, else the
    /// first of ours.</param>
    /// <param name="kind">The kind of member that is preferred, by its loader signature.</param>
    /// <exception cref="FormatException">The file is damaged, or not a model with a member of ours.</exception>
    /// <exception cref="MemoryLimitException">The model takes more memory than there is.</exception>
    public static SavedModel Load(string path, string? member = null, string kind = MemberSignature.LanguageModel)
    {
        using FileStream file = Open(path);
        return Guard($"Model file '{path}'", () => Read(file, member, kind));
    }

    /// <summary>Reads a model from a stream that can seek.</summary>
    /// <exception cref="FormatException">The stream is damaged, or not a model with a member of ours.</exception>
    /// <exception cref="MemoryLimitException">The model takes more memory than there is.</exception>
    public static SavedModel Load(Stream stream, string? member = null, string kind = MemberSignature.LanguageModel) =>
        Guard("The model", () => Read(stream, member, kind));

    /// <summary>Lists the members of a model in their order. The chains they are in are not listed.</summary>
    /// <exception cref="FormatException">The file is damaged, or not an ML.NET model.</exception>
    public static IReadOnlyList<ArchiveMember> Members(string path)
    {
        using FileStream file = Open(path);
        return Guard($"Model file '{path}'", () =>
        {
            using var zip = new ModelZip(file);
            return Members(zip);
        });
    }

    private static SavedModel Read(Stream stream, string? member, string kind)
    {
        using var zip = new ModelZip(stream);
        ArchiveMember found = Choose(Members(zip), member, kind);
        using Stream config = zip.Open($"{found.Path}/{SavedModel.ConfigName}", out _);
        using Stream weights = zip.Open($"{found.Path}/{SavedModel.WeightsName}", out long length);
        return SavedModelReader.Read(SavedModelReader.ReadConfig(config), weights, length);
    }

    private static void Save(Stream stream, SavedModel model, SavedModelWriter writer)
    {
        string signature = model.Signature;
        string folder = ChainFolder + "/Transform_000/";
        // The chain's block: the number of members, and of each where it is used, 7 standing for everywhere.
        byte[] chain = new ModelKey("XF CHAIN", ChainSignature, MachineLearningData).ToBytes([1, 0, 0, 0, 7, 0, 0, 0]);
        byte[] key = new ModelKey(MemberSignature.ModelSignature(signature), signature, MemberSignature.AssemblyFullName).ToBytes([]);
        string[] columns = model.Columns.TryGetValue(SavedModel.InputColumn, out string? input) ? [input] : [];

        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add("TrainingInfo/Version.txt",
            entry => entry.Write([.. System.Text.Encoding.UTF8.GetBytes(SavedModelReader.Producer), (byte)'\n']));
        Add(folder + SavedModel.ConfigName, writer.WriteConfig);
        // Weights hardly shrink; stored as they are, they are read faster.
        Add(folder + SavedModel.WeightsName, writer.WriteWeights, CompressionLevel.NoCompression);
        Add(folder + ModelKey.EntryName, entry => entry.Write(key));
        Add($"{ChainFolder}/{ModelKey.EntryName}", entry => entry.Write(chain));
        Add(SchemaEntry.EntryName, entry => entry.Write(SchemaEntry.ToBytes(columns)));

        void Add(string name, Action<Stream> write, CompressionLevel level = CompressionLevel.Optimal)
        {
            using Stream entry = zip.CreateEntry(name, level).Open();
            write(entry);
        }
    }

    private static List<ArchiveMember> Members(ModelZip zip)
    {
        if (!zip.Contains($"{ChainFolder}/{ModelKey.EntryName}"))
            throw new FormatException($"it is a zip archive, but not a model of ML.NET: it has no {ChainFolder}/{ModelKey.EntryName}");
        var members = new List<ArchiveMember>();
        foreach (string folder in zip.FoldersWith(ModelKey.EntryName)
            .Where(f => f == ChainFolder || f.StartsWith(ChainFolder + "/", StringComparison.Ordinal)))
        {
            string path = $"{folder}/{ModelKey.EntryName}";
            using Stream stream = zip.Open(path, out long length);
            var key = ModelKey.Read(stream, length, path);
            bool ours = key.LoaderAssembly.StartsWith(MemberSignature.AssemblyName + ",", StringComparison.Ordinal)
                && zip.Contains($"{folder}/{SavedModel.WeightsName}");
            if (key.LoaderSignature != ChainSignature)
                members.Add(new(folder, key.LoaderSignature, ours));
        }

        return members;
    }

    private static ArchiveMember Choose(List<ArchiveMember> members, string? path, string kind)
    {
        ArchiveMember? found = path is null
            ? members.Find(m => m.IsOurs && m.LoaderSignature == kind) ?? members.Find(m => m.IsOurs)
            : members.Find(m => m.IsOurs && m.Path == path.Replace('\\', '/').TrimEnd('/'));
        if (found is not null)
            return found;
        string listed = members.Count == 0 ? "nothing" : string.Join(", ", members.Select(m => $"{m.LoaderSignature} ({m.Path})"));
        throw new FormatException(path is null
            ? $"it is a model of ML.NET, but no member of it is a model of RnnLm; it holds {listed}"
            : $"it has no model of RnnLm at '{path}'; it holds {listed}");
    }

    private static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // Delete: on Windows too, another process may put a new file in this one's place meanwhile.
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
    }

    private static T Guard<T>(string subject, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new FormatException($"{subject} can't be read: {e.Message.TrimEnd('.')}.", e);
        }
        catch (MemoryLimitException e)
        {
            throw e.In(subject);
        }
    }
}
