using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RnnLm.Diagnostics;
using RnnLm.Files;
using RnnLm.Modeling;
using RnnLm.SafeTensors;

namespace RnnLm.Training;

/// <summary>
/// Checkpoint files: safetensors with a checksum, each tensor's name led by its section, and the rest among the metadata. A checkpoint
/// takes the place of the one before only when it is on the disk as a whole, so a run killed at any moment leaves a good one.
/// </summary>
internal static class Checkpoint
{
    /// <summary>The format that is written, and the only one that is read: a checkpoint is for the version that wrote it.</summary>
    public const int FormatVersion = 2;

    private const string VersionKey = "rnnlm_checkpoint_version";
    private const string FingerprintKey = "fingerprint";
    private const string LoopStateKey = "loop_state";

    /// <summary>Writes or replaces a checkpoint.</summary>
    /// <exception cref="IOException">The file can't be written. The checkpoint before is still there.</exception>
    public static void Save(string path, CheckpointState state)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [VersionKey] = $"{FormatVersion}",
            [FingerprintKey] = JsonSerializer.Serialize(state.Fingerprint, TrainingStateJson.Strict.IReadOnlyDictionaryStringString),
            [LoopStateKey] = JsonSerializer.Serialize(state.Loop, TrainingStateJson.Strict.TrainingState),
        };
        WeightTensor[] tensors =
            [.. state.Sections.SelectMany(section => section.Value.Select(tensor => tensor.Rename($"{section.Key}/{tensor.Name}")))];
        AtomicFile.Write(path, stream => SafeTensorsWriter.Write(stream, tensors, metadata));
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">The file is damaged, not a checkpoint, or of another format.</exception>
    public static CheckpointState Load(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return Read(file);
        }
        catch (FormatException e)
        {
            throw Refusal(path, e);
        }
        catch (MemoryLimitException e)
        {
            throw e.In($"Checkpoint '{path}'");
        }
    }

    /// <summary>Returns the error that names the file that something is wrong with.</summary>
    public static FormatException Refusal(string path, FormatException fault) =>
        new($"Checkpoint '{path}' can't be read: {fault.Message.TrimEnd('.')}. "
            + "Name another file, or delete this one to begin anew.", fault);

    private static CheckpointState Read(FileStream file)
    {
        using var reader = new SafeTensorsReader(file, file.Length);
        if (!reader.Metadata.TryGetValue(VersionKey, out string? version) || !reader.HasChecksum)
            throw new FormatException("it is no checkpoint of RnnLm, or damaged");
        if (version != $"{FormatVersion}")
        {
            throw new FormatException($"it is of checkpoint version {version}, and this version of RnnLm reads {FormatVersion}: "
                + "go on with the version of RnnLm that wrote it");
        }

        var sections = new Dictionary<string, IReadOnlyList<WeightTensor>>(StringComparer.Ordinal);
        foreach (TensorInfo info in reader.Tensors)
        {
            string[] parts = info.Name.Split('/', 2);
            if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
                throw new FormatException($"tensor '{info.Name}' is in no section");
            var tensor = new WeightTensor(parts[1], info.Shape);
            reader.Read(info, tensor.Values);
            if (sections.TryGetValue(parts[0], out IReadOnlyList<WeightTensor>? section))
                ((List<WeightTensor>)section).Add(tensor);
            else
                sections.Add(parts[0], new List<WeightTensor> { tensor });
        }

        reader.Complete();
        TrainingState loop = Parse(LoopStateKey, TrainingStateJson.Strict.TrainingState);
        try
        {
            loop.Check();
        }
        catch (FormatException e)
        {
            throw new FormatException($"in its '{LoopStateKey}', {e.Message}", e);
        }

        IReadOnlyDictionary<string, string?> fingerprint = Parse(FingerprintKey, TrainingStateJson.Strict.IReadOnlyDictionaryStringString);
        return new() { Fingerprint = fingerprint, Loop = loop, Sections = sections };

        T Parse<T>(string key, JsonTypeInfo<T> type)
        {
            if (!reader.Metadata.TryGetValue(key, out string? json))
                throw new FormatException($"its metadata lack '{key}'");
            try
            {
                return JsonSerializer.Deserialize(json, type) ?? throw new FormatException($"its '{key}' is null");
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
            {
                string place = e is JsonException { Path: { Length: > 1 } path } ? $" at {path[2..]}" : "";
                throw new FormatException($"its '{key}' is not what it should be{place}: {JsonFault.Describe(e)}", e);
            }
        }
    }
}
