using System.Security.Cryptography;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Shards;

/// <summary>The parts of a result, all of them, whole and of one run: joined, they are what one process would have written.</summary>
internal sealed class PartMerge
{
    private const int Shown = 10, BlockSize = 1 << 16;

    private readonly string _path;
    private readonly IReadOnlyList<PartManifest> _parts;

    /// <param name="path">The folder.</param>
    /// <exception cref="UsageException">There are no parts in it.</exception>
    /// <exception cref="FormatException">Parts are missing, or are not of one run.</exception>
    public PartMerge(string path)
    {
        if (File.Exists(path))
            throw new UsageException($"'{path}' is a file, not a folder. Name the folder that --output named beside {Shard.Option}.");
        if (!Directory.Exists(path))
            throw new UsageException($"the folder '{path}' does not exist. Name the folder that --output named beside {Shard.Option}.");
        (_path, _parts) = (path, PartFolder.Manifests(path));
        if (_parts.Count == 0)
            throw new UsageException($"'{path}' has no parts. Name the folder that --output named beside {Shard.Option}.");
        Check();
    }

    /// <summary>Gets the paths of the parts, of their manifests and of the files with what was left out.</summary>
    public IEnumerable<string> Files => _parts.SelectMany(part =>
        (string[])[part.PathIn(_path), ManifestOf(part), part.ErrorsIn(_path)]);

    /// <summary>Gets how the names of the parts end.</summary>
    public string Ending => Path.GetExtension(_parts[0].Part);

    /// <summary>Gets the number of parts.</summary>
    public int Count => _parts.Count;

    /// <summary>Gets the number of results.</summary>
    public long Records => _parts.Sum(part => part.Records);

    /// <summary>Gets the number of rows that were left out.</summary>
    public long Skipped => _parts.Sum(part => part.Skipped);

    /// <summary>Gets the number of rows for which <c>rnnlm generate</c> could keep no text.</summary>
    public long Missing => _parts.Sum(part => part.Missing);

    /// <summary>Writes the parts one after the other.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="header">Makes what comes before the results, given their number and the length of a vector; null where that is what
    /// comes first in the parts.</param>
    /// <param name="stop">Stops it.</param>
    /// <exception cref="FormatException">A part is not what was written.</exception>
    public void Write(Stream output, Func<long, int, byte[]>? header, CancellationToken stop)
    {
        byte[]? first = header?.Invoke(Records, _parts[0].VectorLength);
        if (first is not null)
            output.Write(first);
        byte[]? names = null;
        foreach (PartManifest part in _parts)
        {
            stop.ThrowIfCancellationRequested();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using FileStream file = InputFile.Open(part.PathIn(_path));
            byte[] head = new byte[part.HeaderLength];
            file.ReadExactly(head);
            hash.AppendData(head);
            if (first is null && names is null)
                output.Write(head);
            else if (first is null && !head.AsSpan().SequenceEqual(names))
                throw new FormatException($"'{part.PathIn(_path)}' has other columns than the parts before it. Make the parts again, with "
                    + "--overwrite.");
            names ??= head;
            byte[] block = new byte[BlockSize];
            for (int read; (read = file.Read(block)) > 0;)
            {
                hash.AppendData(block, 0, read);
                output.Write(block, 0, read);
            }

            if (Convert.ToHexStringLower(hash.GetCurrentHash()) != part.Sha256)
                throw new FormatException($"'{part.PathIn(_path)}' was changed after it was written: its hash differs. Make it again, by "
                    + $"{Shard.Option} {part.Shard}/{part.Shards} --overwrite.");
        }
    }

    /// <summary>Writes the rows that were left out, of all parts.</summary>
    public void WriteErrors(Stream output)
    {
        foreach (PartManifest part in _parts)
        {
            if (part.ErrorsSha256 is null)
                continue;
            using FileStream file = InputFile.Open(part.ErrorsIn(_path));
            file.CopyTo(output);
        }
    }

    private void Check()
    {
        int count = _parts[0].Shards;
        if (_parts.FirstOrDefault(part => part.Shards != count) is { } other)
            throw new FormatException($"'{_path}' has parts of {count} and of {other.Shards} shards. Remove the parts that do not belong.");
        int[] missing = [.. Enumerable.Range(0, count).Except(
            _parts.Where(part => File.Exists(part.PathIn(_path))).Select(part => part.Shard))];
        if (missing.Length > 0)
        {
            string more = missing.Length > Shown ? ", …" : "";
            throw new FormatException($"{Counted.Of(missing.Length, "part")} of {count} {(missing.Length == 1 ? "is" : "are")} missing in "
                + $"'{_path}': {string.Join(", ", missing.Take(Shown).Select(index => Shard.NameOf(index, count)))}"
                + $"{more}. Run {(missing.Length == 1 ? "shard" : "the shards")} {string.Join(", ", missing.Take(Shown))}{more} again"
                + $"{(missing.Any(HasNoManifest) ? ", with --overwrite, since a part without its manifest is there" : "")}.");

            bool HasNoManifest(int index) => Directory.EnumerateFiles(_path, Shard.NameOf(index, count) + ".*").Any(file =>
                Path.GetFileNameWithoutExtension(file) == Shard.NameOf(index, count))
                && _parts.All(part => part.Shard != index);
        }

        long next = 0;
        foreach (PartManifest part in _parts)
        {
            string path = part.PathIn(_path);
            // The hash of a part is made when it is copied.
            if (part.FaultIn(_path, withHash: false) is { } fault)
                throw new FormatException($"{fault}. Make the part again, by {Shard.Option} {part.Shard}/{part.Shards} --overwrite.");
            string? difference = RunSettings.Difference(_parts[0].Settings, part.Settings)
                ?? (part.TotalRows == _parts[0].TotalRows && part.FirstRow == next && Path.GetExtension(part.Part) == Ending ? null
                : $"it begins at row {part.FirstRow:N0} of {part.TotalRows:N0}, where row {next:N0} of "
                + $"{_parts[0].TotalRows:N0} should come");
            if (difference is not null)
                throw new FormatException($"'{path}' and '{_parts[0].PathIn(_path)}' are not of one run: {difference}. Make the wrong "
                    + "ones again, with --overwrite.");
            next = part.EndRow;
        }

        if (next != _parts[0].TotalRows)
            throw new FormatException($"the parts in '{_path}' end at row {next:N0} of {_parts[0].TotalRows:N0}. Make them again, with "
                + "--overwrite.");
    }

    private string ManifestOf(PartManifest part) => Path.Combine(_path, Shard.NameOf(part.Shard, part.Shards) + PartManifest.Ending);
}
