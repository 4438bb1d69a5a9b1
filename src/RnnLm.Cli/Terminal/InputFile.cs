using RnnLm.Diagnostics;
using RnnLm.Files;

namespace RnnLm.Cli.Terminal;

/// <summary>Files that a command reads, and pipes and devices in their place, which can be read but once, from begin to end.</summary>
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
                ? $"{what} can be read once, but {once[first].Option} names it twice. Name it once."
                : (OptionMessage)$"{what} can be read once, but {once[first].Option} and {once[second].Option} both name it. Name two.");
        }
    }

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

    private static bool AreSame(string path, string other) => path == other || FileIdentity.AreSame(OfSystem(path), OfSystem(other));

    // What the system calls the standard input, where it has a name for it.
    private static string OfSystem(string path) => path == StandardInput && !OperatingSystem.IsWindows() ? "/dev/stdin" : path;
}
