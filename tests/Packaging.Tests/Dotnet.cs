using System.Diagnostics;

namespace RnnLm.Packaging.Tests;

/// <summary>Runs of a program in a folder, with NuGet's packages in a folder of their own.</summary>
internal sealed class Dotnet(string folder, string packages)
{
    /// <summary>Gets what is set in the environment of each run.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Runs 'dotnet', which must succeed.</summary>
    public string Run(params string[] arguments) => Run("dotnet", arguments);

    /// <summary>Runs a program, which must succeed.</summary>
    public string Run(string program, string[] arguments)
    {
        (int code, string output) = Try(program, arguments);
        return code == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with exit code {code}: {output}");
    }

    /// <summary>Runs a program.</summary>
    public (int Code, string Output) Try(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        // The test host's own SDK and packages are not those of a user, and no build process stays behind.
        string[] own = [.. start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))];
        foreach (string name in own)
            start.Environment.Remove(name);
        foreach ((string name, string value) in new[]
        {
            ("NUGET_PACKAGES", packages), ("MSBUILDDISABLENODEREUSE", "1"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
            ("UseSharedCompilation", "false"), ("DOTNET_CLI_UI_LANGUAGE", "en"), ("DOTNET_NOLOGO", "1"),
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_SKIP_FIRST_TIME_EXPERIENCE", "1"),
        })
            start.Environment[name] = value;
        foreach ((string name, string value) in Variables)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
