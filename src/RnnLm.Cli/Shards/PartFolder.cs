using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.Files;

namespace RnnLm.Cli.Shards;

/// <summary>
/// The folder in which the parts of a result are put, by as many processes as there may be. A part has its name once it is whole, and not
/// before; then its manifest is there too. So a process may be killed at any time, and run again.
/// </summary>
internal sealed class PartFolder
{
    private static readonly TimeSpan WaitInterval = TimeSpan.FromSeconds(0.2);

    private readonly string _path, _ending;
    private readonly Shard _shard;
    private readonly CommandContext _context;

    /// <param name="path">The folder; it is made where it is not there.</param>
    /// <param name="shard">The share whose part is to be written.</param>
    /// <param name="ending">How the part's name ends.</param>
    /// <param name="inputs">The files that are read, none of which is written over.</param>
    /// <param name="context">Where it is said what is done.</param>
    /// <exception cref="UsageException">It is no folder, or has other parts.</exception>
    public PartFolder(string path, Shard shard, string ending, IEnumerable<string> inputs, CommandContext context)
    {
        (_path, _shard, _ending, _context) = (path, shard, ending, context);
        if (File.Exists(path))
            throw new UsageException($"'{path}' is a file. With {Shard.Option}, name a folder by --output: each part is a file in it.");
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Refusal(path, e);
        }

        foreach (string file in (string[])[Part, Manifest, Errors])
            OutputFile.RefuseInputs(file, inputs, "--output");
        if (Manifests(path).FirstOrDefault(manifest => manifest.Shards != shard.Count) is { } other)
        {
            throw new UsageException($"'{path}' has parts of {other.Shards} shards, and {shard.Count} are asked for. Name another folder, "
                + "or remove the parts.");
        }
    }

    /// <summary>Gets the path of the part.</summary>
    public string Part => Path.Combine(_path, _shard.Name + _ending);

    private string Manifest => Path.Combine(_path, _shard.Name + PartManifest.Ending);

    /// <summary>Gets the part that is there by its manifest, which may be in another format; null where there is none.</summary>
    private string? PartBefore =>
        File.Exists(Manifest) ? PartManifest.Read(Manifest).PathIn(_path) : null;

    private string Errors => ErrorsOf(_path, _shard.Index, _shard.Count);

    /// <summary>Returns the path of the file with the rows that were left out of a part.</summary>
    public static string ErrorsOf(string path, int index, int count) => Path.Combine(path, Shard.NameOf(index, count) + ".errors.jsonl");

    /// <summary>Reads the manifests of a folder, in the order of the shares.</summary>
    /// <exception cref="FormatException">One is damaged.</exception>
    public static IReadOnlyList<PartManifest> Manifests(string path) =>
        [.. Directory.EnumerateFiles(path, "part-*" + PartManifest.Ending).Order(StringComparer.Ordinal).Select(PartManifest.Read)];

    /// <summary>Writes the part, unless it is there.</summary>
    /// <param name="plan">What is known of it before.</param>
    /// <param name="overwrite">Whether it is made again where it is there.</param>
    /// <param name="withErrors">Whether rows may be left out.</param>
    /// <param name="write">Writes the results, and the rows that are left out.</param>
    /// <returns>Whether it was written; if not, it is there.</returns>
    /// <exception cref="UsageException">It is there, of other rows or options.</exception>
    /// <exception cref="IOException">It can't be written. What was there before is still there.</exception>
    public bool Write(PartPlan plan, bool overwrite, bool withErrors, Func<Stream, Stream?, PartCounts> write)
    {
        using FileLock alone = Wait();
        if (!overwrite && IsThere(plan))
            return false;
        RemoveLeftovers();
        string part = Working(Part), errors = Working(Errors), manifest = Working(Manifest);
        try
        {
            PartCounts counts;
            using (Stream? skipped = withErrors ? Create(errors) : null)
            {
                using FileStream results = Create(part);
                counts = write(results, skipped);
                results.Flush(flushToDisk: true);
            }

            File.WriteAllBytes(manifest, ManifestOf(plan, counts, part, withErrors ? errors : null).ToBytes());
            // The part's name comes last: with it, all is there.
            File.Delete(PartBefore ?? Part);
            if (withErrors)
                File.Move(errors, Errors, overwrite: true);
            else
                File.Delete(Errors);
            File.Move(manifest, Manifest, overwrite: true);
            File.Move(part, Part, overwrite: true);
            return true;
        }
        catch (Exception e)
        {
            foreach (string working in (string[])[part, errors, manifest])
                File.Delete(working);
            if (e is IOException or UnauthorizedAccessException)
                throw AtomicFile.Refusal(Part, e);
            throw;
        }
    }

    /// <summary>Says what was done.</summary>
    /// <param name="isWritten">Whether the part was written.</param>
    /// <param name="rows">The number of rows that are in it.</param>
    /// <param name="total">The number of rows of all shares.</param>
    public void Conclude(bool isWritten, long rows, long total)
    {
        if (isWritten)
        {
            _context.Say($"{Counted.Of(rows, "row")} of {total:N0} in {Part}.");
            return;
        }

        _context.Say($"{Part} is there, whole: nothing is done. --overwrite makes it again.");
        if (PartManifest.Read(Manifest).Missing is > 0 and var missing)
            _context.Warn($"{Counted.Of(missing, "row")} {(missing == 1 ? "is" : "are")} missing in it: no text could be kept.");
    }

    private static FileStream Create(string path) => new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);

    /// <summary>Returns a name that no other process has, where the file system should lock nothing.</summary>
    private static string Working(string path) => $"{path}.{Guid.NewGuid():N}.rnnlm.tmp";

    /// <summary>Waits until no other process writes the part.</summary>
    private FileLock Wait()
    {
        for (bool said = false; ; said = true)
        {
            if (FileLock.TryTake(Part) is { } taken)
                return taken;
            if (!said)
                _context.Say($"'{Part}' is being written by another run: waiting for its end.");
            _context.Stop.WaitHandle.WaitOne(WaitInterval);
            _context.Stop.ThrowIfCancellationRequested();
        }
    }

    private bool IsThere(PartPlan plan)
    {
        if (PartBefore is not { } before)
        {
            return !File.Exists(Part) ? false : throw new UsageException($"'{Part}' is there without '{Path.GetFileName(Manifest)}', so "
                + "nothing says what it was made of. Remove it, or say --overwrite to make it again.");
        }

        // With a manifest alone, a run was killed just before the end.
        if (!File.Exists(before))
            return false;
        if (before != Part)
            throw new UsageException($"'{before}' is the part of this share in another format. Say --overwrite to make it again, or name "
                + "another folder.");
        var manifest = PartManifest.Read(Manifest);
        if (manifest.FaultIn(_path, withHash: true) is { } fault)
            throw new UsageException($"{fault}. Say --overwrite to make the part again.");
        return RunSettings.Difference(manifest.Settings, plan.Settings) is not { } difference ? true
            : throw new UsageException($"'{Part}' is there, and was made of something else: {difference}. Say --overwrite to make "
                + "it again, or name another folder.");
    }

    /// <summary>Takes away what killed runs left behind.</summary>
    private void RemoveLeftovers()
    {
        foreach (string left in Directory.EnumerateFiles(_path, _shard.Name + ".*.rnnlm.tmp"))
            File.Delete(left);
    }

    private PartManifest ManifestOf(PartPlan plan, PartCounts counts, string part, string? errors)
    {
        (long first, long end) = _shard.Of(plan.TotalRows);
        return new()
        {
            Version = PartManifest.Current,
            Part = Path.GetFileName(Part),
            Shard = _shard.Index,
            Shards = _shard.Count,
            TotalRows = plan.TotalRows,
            FirstRow = first,
            EndRow = end,
            Records = counts.Records,
            Skipped = counts.Skipped,
            HeaderLength = counts.HeaderLength,
            VectorLength = counts.VectorLength,
            Length = new FileInfo(part).Length,
            Sha256 = RunSettings.HashOf(part),
            ErrorsLength = errors is null ? 0 : new FileInfo(errors).Length,
            ErrorsSha256 = errors is null ? null : RunSettings.HashOf(errors),
            Settings = new(plan.Settings, StringComparer.Ordinal),
        };
    }
}
