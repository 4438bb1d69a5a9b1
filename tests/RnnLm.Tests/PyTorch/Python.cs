using System.Diagnostics;
using System.Text;

namespace RnnLm.Tests.PyTorch;

/// <summary>A Python that has PyTorch, where this machine has one: the one that RNNLM_PYTHON names, else that of the system.</summary>
internal static class Python
{
    private static readonly Lazy<string?> Found = new(() => new[]
    {
        Environment.GetEnvironmentVariable("RNNLM_PYTHON"), "/usr/bin/python3", "python3", "python"
    }.FirstOrDefault(python => python is not null && Run(python, ["-c", "import torch"])?.Code == 0));

    /// <summary>Runs a script and returns what it prints; skips the test where there is no PyTorch.</summary>
    public static string Run(params string[] arguments)
    {
        (int code, string output, string error) = RunAny(arguments);
        Assert.True(code == 0, error);
        return output;
    }

    /// <summary>Runs a script that must fail, and returns its standard error; skips the test where there is no PyTorch.</summary>
    public static string Fails(params string[] arguments)
    {
        (int code, string output, string error) = RunAny(arguments);
        Assert.True(code != 0, output);
        return error;
    }

    private static (int Code, string Output, string Error) RunAny(string[] arguments)
    {
        Skip.If(Found.Value is null, "No Python with PyTorch was found. Install one, and name it by RNNLM_PYTHON.");
        return Run(Found.Value, arguments)!.Value;
    }

    private static (int Code, string Output, string Error)? Run(string python, string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(python, arguments)
            {
                RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
                StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
            };
            foreach (string variable in (string[])["OMP_NUM_THREADS", "MKL_NUM_THREADS"])
                start.Environment[variable] = "1";
            start.Environment["PYTHONIOENCODING"] = "utf-8";
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
