using System.Diagnostics;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Tests;

/// <summary>Makes links that .NET can't make.</summary>
internal static class Links
{
    /// <summary>Gives a file a second name.</summary>
    public static void CreateHard(string path, string target)
    {
        using Process process = OperatingSystem.IsWindows()
            ? Process.Start("cmd", ["/c", "mklink", "/H", path, target])
            : Process.Start("ln", [target, path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
