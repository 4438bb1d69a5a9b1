using System.Runtime.InteropServices;

namespace RnnLm.Cli.Terminal;

/// <summary>The standard output as a pipe.</summary>
internal static partial class ResultPipe
{
    // The bits that poll sets on Linux and macOS alike: the other end is closed.
    private const short Error = 0x08, HungUp = 0x10;

    private const int StandardOutput = 1;

    /// <summary>Tells whether the program at the other end of the standard output has ended. .NET's stream of the standard output takes
    /// what nobody reads for written. False on Windows, and where the system does not say.</summary>
    public static bool IsReaderGone()
    {
        if (OperatingSystem.IsWindows())
            return false;
        try
        {
            var asked = new PollRequest { File = StandardOutput };
            return Poll(ref asked, 1, 0) > 0 && (asked.Answer & (Error | HungUp)) != 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollRequest requests, nuint count, int milliseconds);

    /// <summary>struct pollfd, the same on every Unix.</summary>
    private struct PollRequest
    {
        public int File;
        public short Asked;
        public short Answer;
    }
}
