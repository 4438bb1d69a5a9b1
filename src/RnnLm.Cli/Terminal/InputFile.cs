namespace RnnLm.Cli.Terminal;

/// <summary>Files that a command reads, and pipes and devices in their place, which can be read but once, from begin to end.</summary>
internal static class InputFile
{
    /// <summary>Tells whether a path leads to a pipe or a device.</summary>
    public static bool IsReadOnce(string path) =>
        !OperatingSystem.IsWindows() && Path.Exists(path) && FileIdentity.Of(path) is { IsDevice: true };

    /// <summary>Opens what is to be read.</summary>
    public static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    /// <summary>Makes sure that a file can be read at any place, and again.</summary>
    /// <exception cref="UsageException">It is a pipe or a device.</exception>
    public static void RefuseReadOnce(string path)
    {
        if (IsReadOnce(path))
        {
            throw new UsageException($"'{path}' is a pipe or a device, which can be read but once, and more is needed here. "
                + "Put its contents in a file, and give that.");
        }
    }
}
