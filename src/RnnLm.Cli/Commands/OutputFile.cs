using Spectre.Console;

namespace RnnLm.Cli;

/// <summary>The file that a long run will write. It is looked after from the start, so that nobody waits for hours to hear that it can't be written.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly FileStream _lock;

    private OutputFile(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    /// <summary>Makes sure that the file can be written, and that no other run is about to write it too.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replace">Whether it may be replaced; else the user is asked, on a terminal.</param>
    /// <param name="context">Where the user is asked.</param>
    /// <exception cref="UsageException">The file is there already.</exception>
    /// <exception cref="IOException">It can't be written.</exception>
    public static OutputFile Reserve(string path, bool replace, CommandContext context)
    {
        if (Directory.Exists(path))
            throw new UsageException($"'{path}' is a folder. Name a file by --output.");
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new UsageException($"The folder '{folder}' does not exist. Make it, or name another file by --output.");
        if (File.Exists(path) && !replace && !Ask(path, context))
            throw new UsageException($"'{path}' exists. Say --force to replace it, or name another file by --output.");
        try
        {
            return new OutputFile(path, new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException e)
        {
            throw new IOException($"'{path}' can't be written: another run is about to write it ({e.Message.TrimEnd('.')}). Wait for its end, or name another file by --output.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"'{path}' can't be written: access to the folder '{folder}' is denied. Name another file by --output.", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static bool Ask(string path, CommandContext context) =>
        context.Status.Profile.Capabilities.Interactive && context.IsInputTerminal && context.Status.Confirm($"'{Markup.Escape(path)}' exists. Replace it?", defaultValue: false);
}
