namespace RnnLm.Files;

/// <summary>
/// Keeps a file for one run, from before it is first written until the run ends: a second run that is about to write it is told so. The
/// lock is an empty file beside it, which dies with its process; one that a killed process left behind locks nothing.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const string Suffix = ".rnnlm.lock";

    // What .NET gives as the reason where another process holds the file: the system's own number.
    private const int WouldBlockOnLinux = 11, WouldBlockOnMacOS = 35, SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Returns the file beside it that is its lock, and is taken away.</summary>
    public static string Beside(string path) => AtomicFile.Target(path) + Suffix;

    /// <summary>Takes the lock of a file, which need not exist.</summary>
    /// <param name="path">The file. A symbolic link is followed.</param>
    /// <exception cref="IOException">Another run has the lock, or the folder can't be written.</exception>
    public static FileLock Take(string path) => TryTake(path) ?? throw new IOException(
        $"'{path}' can't be written: another run is about to write it. Wait for it to end, or name another file.");

    /// <summary>Takes the lock of a file, which need not exist, or returns null where another run has it.</summary>
    /// <param name="path">The file. A symbolic link is followed.</param>
    /// <exception cref="IOException">The folder can't be written.</exception>
    public static FileLock? TryTake(string path)
    {
        try
        {
            return TryHold(Beside(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Refusal(path, e);
        }
    }

    /// <summary>Takes a lock by its own path, or returns null where another has it. Throws what the system does.</summary>
    public static FileLock? TryHold(string path)
    {
        try
        {
            while (true)
            {
                var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                    OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
                if (FileIdentity.IsAt(file.SafeFileHandle, path))
                    return new FileLock(file);
                // Who had it before deleted it between its being opened here and being locked.
                file.Dispose();
            }
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <summary>Returns whether a file could not be opened since somebody else holds it.</summary>
    public static bool IsHeld(Exception e) => e is IOException { HResult: WouldBlockOnLinux or WouldBlockOnMacOS or SharingViolation };

    public void Dispose()
    {
        // Deleted while it is held, so that it is no other run's. DeleteOnClose would look at the name alone, and Windows deletes no open
        // file.
        if (!OperatingSystem.IsWindows())
            TryDelete(_file.Name);
        _file.Dispose();
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It locks nothing once it is closed.
        }
    }
}
