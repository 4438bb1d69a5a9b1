using System.Diagnostics;
using System.Text.Json;

namespace RnnLm.MLNet.Tests;

/// <summary>Runs the program that loads a model in a process of its own.</summary>
internal static class TestHost
{
    /// <summary>Where the build of the same configuration put it.</summary>
    private static readonly string Program = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)
        .Replace("RnnLm.MLNet.Tests", "RnnLm.MLNet.TestHost", StringComparison.Ordinal) + Path.DirectorySeparatorChar + "RnnLm.MLNet.TestHost.dll";

    public static Dictionary<string, string[]> Run(string model, IEnumerable<string> prompts)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Program, model, .. prompts])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"The process ended with {process.ExitCode}: {error.Result}");
        return JsonSerializer.Deserialize<Dictionary<string, string[]>>(output)!;
    }
}
