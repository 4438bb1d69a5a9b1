namespace RnnLm;

/// <summary>
/// Keeps a file for one run, from before it is first written until the run ends: a second run that is about to write it is told so. The lock is an empty
/// file beside it, which dies with its process; one that a killed process left behind locks nothing.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const string Suffix = ".rnnlm.lock";

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a file, which need not exist.</summary>
    /// <param name="path">The file. A symbolic link is followed.</param>
    /// <exception cref="IOException">Another run has the lock, or the folder can't be written.</exception>
    public static FileLock Take(string path)
    {
        string beside = AtomicFile.Target(path) + Suffix;
        try
        {
            while (true)
            {
                var file = new FileStream(beside, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                if (File.Exists(beside))
                    return new FileLock(file);
                // The run before deleted it between its being opened here and being locked.
                file.Dispose();
            }
        }
        catch (Exception e) when (e is IOException and not DirectoryNotFoundException)
        {
            throw new IOException($"'{path}' can't be written: another run is about to write it ({e.Message.TrimEnd('.')}). Wait for it to end, or name another file.", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw AtomicFile.Refusal(path, e);
        }
    }

    public void Dispose() => _file.Dispose();
}
