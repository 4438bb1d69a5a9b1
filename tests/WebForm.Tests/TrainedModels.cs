using System.Diagnostics;
using RnnLm.Tests;

namespace WebForm.Tests;

/// <summary>The models of the demonstration, trained once by the program's own command.</summary>
public sealed class TrainedModels : IDisposable
{
    private readonly TempFolder _folder = new();

    public TrainedModels()
    {
        (int code, string output) = Program("train", $"--Models:articles:Path={Articles}", $"--Models:messages:Path={Messages}");
        Assert.True(code == 0, output);
    }

    public string Articles => _folder["articles.zip"];

    public string Messages => _folder["messages.zip"];

    /// <summary>Runs the program as a process of its own, which is to end.</summary>
    public static (int Code, string Output) Program(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "WebForm.dll"), .. arguments])
        {
            // The folder of the settings.
            WorkingDirectory = TestData.InRepository("examples", "WebForm"),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    public void Dispose() => _folder.Dispose();
}
