using System.Diagnostics;

namespace RnnLm.MLNet.Tests;

/// <summary>Runs programs of this repository, each built in the tests' configuration, in processes of their own.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a program and returns what it prints.</summary>
    /// <param name="project">Its project's folder in the repository.</param>
    /// <param name="input">What it reads from its standard input.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<string> Run(string project, string input, params string[] arguments)
    {
        string framework = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!);
        string program = RnnLm.Tests.TestData.InRepository(project, "bin", configuration, framework, Path.GetFileName(project) + ".dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"The process ended with {process.ExitCode}: {await error}");
        return await output;
    }
}
