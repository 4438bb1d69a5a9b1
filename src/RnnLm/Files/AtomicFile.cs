namespace RnnLm.Files;

/// <summary>Writes a file beside its place and moves it there when it is whole, so that no reader and no crash ever meets half a
/// file.</summary>
internal static class AtomicFile
{
    private const string Suffix = ".rnnlm.tmp", LockSuffix = ".lock";

    /// <summary>Writes or replaces a file.</summary>
    /// <param name="path">The file. A symbolic link is followed.</param>
    /// <param name="write">Writes the contents to a stream that can seek.</param>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe. What was there before is still there.</exception>
    public static void Write(string path, Action<Stream> write) => AtWork(path, (beside, target) =>
    {
        using (var file = new FileStream(beside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            write(file);
            file.Flush(flushToDisk: true);
        }

        // Closed before, so that who opens it as soon as it is there finds it free.
        File.Move(beside, target, overwrite: true);
        // A watcher of this one file (ML.NET's PredictionEnginePool has such) hears of changes, not of files moved into place.
        File.SetLastWriteTimeUtc(target, DateTime.UtcNow);
    });

    /// <summary>Makes sure that a file can be written, so far as that can be known before there is anything to write. What is there stays
    /// as it is.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe.</exception>
    public static void CheckWritable(string path) =>
        AtWork(path, (beside, _) => new FileStream(beside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None).Dispose());

    /// <summary>Returns the files beside its place that writing makes, and may take away.</summary>
    public static IReadOnlyList<string> Beside(string path) => [Target(path) + Suffix, Target(path) + Suffix + LockSuffix];

    /// <summary>Returns the full path of the file that is written: where the path is a symbolic link, what it leads to.</summary>
    public static string Target(string path)
    {
        string target = Path.GetFullPath(path);
        return File.Exists(target) ? File.ResolveLinkTarget(target, returnFinalTarget: true)?.FullName ?? target : target;
    }

    /// <summary>Returns the error that says why a file can't be written.</summary>
    public static IOException Refusal(string path, Exception e) => new($"'{path}' can't be written: {Reason(path, e)}.", e);

    /// <summary>Does what makes a file beside its place, alone: a second writer of the same file is told so. The file beside is new,
    /// and gone afterwards.</summary>
    private static void AtWork(string path, Action<string, string> act)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            string target = Target(path), beside = target + Suffix;
            if (Directory.Exists(target))
                throw new IOException("it is a directory; name a file");
            // By the path as it was given: what a link such as /dev/stdout leads to has no path of its own.
            if (Path.Exists(path) && FileIdentity.Of(path) is { IsDevice: true })
                throw new IOException("it is a device or a pipe, in whose place a file would be put; name a file");
            using FileLock? alone = FileLock.TryHold(beside + LockSuffix);
            if (alone is null)
                throw new IOException("another save of this file is at work; wait for it to end, or name another file");
            // A killed writer's, or a link, which is never written through.
            File.Delete(beside);
            try
            {
                act(beside, target);
            }
            finally
            {
                File.Delete(beside);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Refusal(path, e);
        }
    }

    private static string Reason(string path, Exception e) => e switch
    {
        DirectoryNotFoundException => $"the folder '{Path.GetDirectoryName(Path.GetFullPath(path))}' does not exist",
        UnauthorizedAccessException => "access to it, or to its folder, is denied",
        _ => e.Message.TrimEnd('.'),
    };
}
