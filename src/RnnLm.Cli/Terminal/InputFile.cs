using RnnLm.Diagnostics;
using RnnLm.Files;

namespace RnnLm.Cli.Terminal;

/// <summary>Files that a command reads, and pipes and devices in their place, which can be read only once, from begin to end.</summary>
internal static class InputFile
{
    /// <summary>Tells whether a path leads to a pipe or a device.</summary>
    public static bool IsReadOnce(string path) =>
        !OperatingSystem.IsWindows() && Path.Exists(path) && FileIdentity.Of(path) is { IsDevice: true };

    /// <summary>What stands for the standard input among the names of files.</summary>
    public const string StandardInput = "-";

    /// <summary>Makes sure that the standard input, and each pipe, is named once: what is read is gone.</summary>
    /// <param name="inputs">Each file that is read, and the option that names it.</param>
    /// <exception cref="UsageException">One is named twice; the message says by which options.</exception>
    public static void RefuseTwice(IEnumerable<(OptionMessage Option, string Path)> inputs)
    {
        (OptionMessage Option, string Path)[] once = [.. inputs.Where(input => input.Path == StandardInput || IsReadOnce(input.Path))];
        for (int second = 1; second < once.Length; second++)
        {
            int first = Array.FindIndex(once, 0, second, input => AreSame(input.Path, once[second].Path));
            if (first < 0)
                continue;
            string what = once[second].Path == StandardInput || once[first].Path == StandardInput
                ? "the standard input" : $"'{once[second].Path}', a pipe or a device,";
            throw new UsageException(once[first].Option.ToString() == once[second].Option.ToString()
                ? $"{what} can be read only once, but {once[first].Option} names it twice. Name it once."
                : (OptionMessage)($"{what} can be read only once, but {once[first].Option} "
                    + $"and {once[second].Option} both name it. Name two."));
        }
    }

    /// <summary>Opens what is to be read.</summary>
    /// <exception cref="TextDataException">It can't be read. It is no fault of the file that is being written meanwhile.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => $"it {Missing(path)}",
                UnauthorizedAccessException => "access to it is denied",
                // The system's reason, without the path that .NET puts behind it.
                _ => e.Message.Split(" : '")[0].TrimEnd('.'),
            };
            throw new TextDataException($"this can't be read: {reason}.", path, inner: e);
        }
    }

    /// <summary>Opens what is to be read once, from begin to end. A pipe may have to be waited for, but not once the command is to
    /// stop.</summary>
    /// <exception cref="TextDataException">It can't be read.</exception>
    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public static Stream Open(string path, CancellationToken stop) =>
        IsReadOnce(path) ? new StoppableStream(StoppableStream.Wait(() => Open(path), stop), stop) : Open(path);

    /// <summary>Tells whether a path leads to a file, a pipe or a device. .NET says so of a link that leads nowhere too.</summary>
    public static bool Exists(string path) =>
        File.Exists(path) && (new FileInfo(path).LinkTarget is null || FileIdentity.Of(path) is not null);

    /// <summary>Says of a path that leads to nothing that it does not exist, or that it is a link and what to.</summary>
    public static string Missing(string path) => new FileInfo(path).LinkTarget is { } target
        ? $"is a link to '{target}', which does not exist" : "does not exist";

    /// <summary>Makes sure that a file can be read at any place, and again.</summary>
    /// <exception cref="UsageException">It is a pipe or a device.</exception>
    public static void RefuseReadOnce(string path)
    {
        if (IsReadOnce(path))
        {
            throw new UsageException($"'{path}' is a pipe or a device, which can be read only once, and this command reads it more often. "
                + "Put its contents in a file, and give that.");
        }
    }

    private static bool AreSame(string path, string other) => path == other || FileIdentity.AreSame(OfSystem(path), OfSystem(other));

    // What the system calls the standard input, where it has a name for it.
    private static string OfSystem(string path) => path == StandardInput && !OperatingSystem.IsWindows() ? "/dev/stdin" : path;
}
