using System.Text.Json;
using RnnLm.Tests;

namespace RnnLm.Packaging.Tests;

/// <summary>The property LibTorch chooses the packages that docs/devices.md names.</summary>
public sealed class LibTorchTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Checkout _checkout;

    public LibTorchTests() => _checkout = new Checkout(_folder["checkout"]);

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("cpu", "TorchSharp 0.107.0, libtorch-cpu-linux-x64 2.10.0")]
    [InlineData("cpu", "TorchSharp 0.105.1, libtorch-cpu-linux-x64 2.5.1", "-p:TorchSharpVersion=0.105.1")]
    [InlineData("cuda", "TorchSharp 0.105.1, libtorch-cuda-12.1-linux-x64 2.5.1")]
    [InlineData("cuda-12.1", "TorchSharp 0.105.1, libtorch-cuda-12.1-linux-x64 2.5.1")]
    [InlineData("cuda-12.8", "TorchSharp 0.107.0, libtorch-cuda-12.8-linux-x64 2.10.0")]
    [InlineData("system", "TorchSharp 0.107.0")]
    [InlineData("none", "TorchSharp")]
    [InlineData("", "TorchSharp")]
    public void ThePackagesAreThoseOfTheTable(string libTorch, string expected, params string[] options)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The packages are those of Linux.");
        string output = _checkout.Evaluate("RnnLm.TorchSharp", [$"-p:LibTorch={libTorch}", "-getItem:PackageReference", .. options]);
        IEnumerable<string> packages = JsonDocument.Parse(output).RootElement.GetProperty("Items").GetProperty("PackageReference")
            .EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()
                + (item.TryGetProperty("VersionOverride", out JsonElement version) ? $" {version.GetString()}" : ""))
            .Where(package => package.Contains("orch", StringComparison.Ordinal));
        Assert.Equal(expected, string.Join(", ", packages));
    }

    [Theory]
    [InlineData("LibTorch is 'gpu', but must be cpu, cuda-12.1 (or cuda), cuda-12.8, system or none.", "-p:LibTorch=gpu")]
    [InlineData("TorchSharpVersion is '0.106.0', but must be 0.105.1 or 0.107.0.", "-p:LibTorch=cpu", "-p:TorchSharpVersion=0.106.0")]
    [InlineData("LibTorch=cuda does not go with TorchSharp 0.107.0", "-p:LibTorch=cuda", "-p:TorchSharpVersion=0.107.0")]
    public void WhatIsNotInTheTableIsOneError(string expected, params string[] options)
    {
        (int code, string output) = _checkout.Publish("RnnLm.TorchSharp", _folder["out"], options);
        Assert.NotEqual(0, code);
        string error = Assert.Single(output.Split('\n').Select(line => line.Trim())
            .Where(line => line.Contains("error", StringComparison.Ordinal)).Distinct());
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}
