namespace RnnLm.Files;

/// <summary>Writes a file beside its place and moves it there when it is whole, so that no reader and no crash ever meets half a
/// file.</summary>
internal static class AtomicFile
{
    private const string Suffix = ".rnnlm.tmp";

    /// <summary>Writes or replaces a file.</summary>
    /// <param name="path">The file. A symbolic link is followed.</param>
    /// <param name="write">Writes the contents to a stream that can seek.</param>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe. What was there before is still there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        (FileStream file, string beside, string target) = OpenBeside(path);
        try
        {
            using (file)
            {
                write(file);
                file.Flush(flushToDisk: true);
                // Held open while it is moved, where the system allows that: until then nobody else can begin to write it.
                if (!OperatingSystem.IsWindows())
                    File.Move(beside, target, overwrite: true);
            }

            if (OperatingSystem.IsWindows())
                File.Move(beside, target, overwrite: true);
        }
        catch (Exception e)
        {
            File.Delete(beside);
            if (e is IOException or UnauthorizedAccessException)
                throw Refusal(path, e);
            throw;
        }

        // A watcher of this one file (ML.NET's PredictionEnginePool has such) hears of changes, not of files moved into place.
        File.SetLastWriteTimeUtc(target, DateTime.UtcNow);
    }

    /// <summary>Makes sure that a file can be written, so far as that can be known before there is anything to write. What is there stays
    /// as it is.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe.</exception>
    public static void CheckWritable(string path)
    {
        (FileStream file, string beside, _) = OpenBeside(path);
        file.Dispose();
        File.Delete(beside);
    }

    /// <summary>Returns the file beside its place that is written first, and may be taken away.</summary>
    public static string Beside(string path) => Target(path) + Suffix;

    /// <summary>Returns the full path of the file that is written: where the path is a symbolic link, what it leads to.</summary>
    public static string Target(string path)
    {
        string target = Path.GetFullPath(path);
        return File.Exists(target) ? File.ResolveLinkTarget(target, returnFinalTarget: true)?.FullName ?? target : target;
    }

    /// <summary>Returns the error that says why a file can't be written.</summary>
    public static IOException Refusal(string path, Exception e) => new($"'{path}' can't be written: {Reason(path, e)}.", e);

    private static (FileStream File, string Beside, string Target) OpenBeside(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            string target = Target(path);
            if (Directory.Exists(target))
                throw new IOException("it is a directory; name a file");
            // By the path as it was given: what a link such as /dev/stdout leads to has no path of its own.
            if (Path.Exists(path) && FileIdentity.Of(path) is { IsDevice: true })
                throw new IOException("it is a device or a pipe, in whose place a file would be put; name a file");
            string beside = target + Suffix;
            return (OpenAlone(beside), beside, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Refusal(path, e);
        }
    }

    /// <summary>
    /// Makes a file that is new, whatever has its name: a killed writer's is taken away, and so is a link, never written through. The lock
    /// makes a second writer of the same file fail, and dies with its process.
    /// </summary>
    private static FileStream OpenAlone(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) || new FileInfo(path).LinkTarget is not null)
            {
                RemoveLeftOver(path);
            }
        }
    }

    private static void RemoveLeftOver(string path)
    {
        // Held while its name is taken away, so that a writer who is still at work is met here. Windows takes no name away from an open
        // file.
        bool held = !OperatingSystem.IsWindows() && new FileInfo(path).LinkTarget is null;
        try
        {
            using FileStream? left = held ? new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None) : null;
            File.Delete(path);
        }
        catch (FileNotFoundException)
        {
            // Its writer has moved it into place.
        }
    }

    private static string Reason(string path, Exception e) => e switch
    {
        DirectoryNotFoundException => $"the folder '{Path.GetDirectoryName(Path.GetFullPath(path))}' does not exist",
        UnauthorizedAccessException => "access to it, or to its folder, is denied",
        _ when FileLock.IsHeld(e) => "another save of this file is at work; wait for it to end, or name another file",
        _ => e.Message.TrimEnd('.'),
    };
}
