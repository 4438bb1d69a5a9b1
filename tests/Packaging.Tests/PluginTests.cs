using RnnLm.Tests;

namespace RnnLm.Packaging.Tests;

/// <summary>The TorchSharp engine as docs/devices.md says that it is published for the command line tool.</summary>
public sealed class PluginTests
{
    private const int NativeFiles = 12;

    [SkippableFact]
    public void ThePublishedPluginHasItsLibTorchAndTheToolTrainsOnIt()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The names of libtorch's files are those on Linux.");
        using var folder = new TempFolder();
        var checkout = new Checkout(folder["checkout"]);
        (int code, string output) = checkout.Publish("RnnLm.TorchSharp", folder["plugin"], "-p:LibTorch=cpu");
        Skip.If(output.Contains("error NU1", StringComparison.Ordinal), "NuGet can't restore libtorch here.");
        Assert.True(code == 0, output);
        string[] native = Directory.GetFiles(folder["plugin/runtimes/linux-x64/native"]);
        Assert.Contains(native, path => Path.GetFileName(path) == "libtorch_cpu.so");
        Assert.True(native.Length >= NativeFiles, string.Join(", ", native));

        (code, output) = checkout.Publish("RnnLm.Cli", folder["tool"]);
        Assert.True(code == 0, output);
        File.WriteAllLines(folder["text.txt"], Enumerable.Range(0, 200).Select(i => $"Hello, I ordered {i} lamps"));
        var dotnet = new Dotnet(folder.Path, Checkout.UserPackages) { Variables = { ["RNNLM_TORCHSHARP"] = folder["plugin"] } };
        (code, output) = dotnet.Try("dotnet", folder["tool/RnnLm.Cli.dll"], "train", "text.txt", "--output", "text.zip", "--engine",
            "torchsharp",
            "--device", "cpu", "--steps", "20", "--hidden-size", "32");

        Skip.If(output.Contains("This system is older than TorchSharp", StringComparison.Ordinal), output.Trim());
        Assert.True(code == 0, output);
        Assert.Contains("with the torchsharp engine on cpu", output, StringComparison.OrdinalIgnoreCase);
        Assert.True(File.Exists(folder["text.zip"]));
    }
}
