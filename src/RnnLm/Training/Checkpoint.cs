using RnnLm.Files;
using RnnLm.SafeTensors;

namespace RnnLm.Training;

/// <summary>
/// Checkpoint files: safetensors with a checksum, each tensor's name led by its section, and the rest among the metadata. A checkpoint takes the
/// place of the one before only when it is on the disk as a whole, so a run killed at any moment leaves a good one.
/// </summary>
internal static class Checkpoint
{
    public const int FormatVersion = 1;

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
            [FingerprintKey] = state.Fingerprint,
            [LoopStateKey] = state.LoopState,
        };
        WeightTensor[] tensors = [.. state.Sections.SelectMany(section => section.Value.Select(tensor => tensor.Rename($"{section.Key}/{tensor.Name}")))];
        AtomicFile.Write(path, stream => SafeTensorsWriter.Write(stream, tensors, metadata));
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">The file is damaged, not a checkpoint, or of a newer format.</exception>
    public static CheckpointState Load(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return Read(file);
        }
        catch (FormatException e)
        {
            throw new FormatException($"Checkpoint '{path}' can't be read: {e.Message.TrimEnd('.')}. Name another file, or delete this one to begin anew.", e);
        }
    }

    private static CheckpointState Read(FileStream file)
    {
        using var reader = new SafeTensorsReader(file, file.Length);
        if (!reader.Metadata.TryGetValue(VersionKey, out string? version) || !reader.HasChecksum
            || !reader.Metadata.TryGetValue(FingerprintKey, out string? fingerprint) || !reader.Metadata.TryGetValue(LoopStateKey, out string? loopState))
            throw new FormatException("it is no checkpoint of RnnLm, or damaged");
        if (!int.TryParse(version, out int number) || number is < 1 or > FormatVersion)
            throw new FormatException($"it was written by checkpoint version {version}; this version of RnnLm reads {FormatVersion}");
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
        return new() { Fingerprint = fingerprint, LoopState = loopState, Sections = sections };
    }
}
