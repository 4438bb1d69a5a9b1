using RnnLm.Tests;
using RnnLm.TorchSharp.Devices;

namespace RnnLm.TorchSharp.Tests;

public sealed class EagerLoaderTests
{
    [SkippableFact]
    public void WhatTheLoaderSaysIsTheReason()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows resolves all symbols by itself.");
        using var folder = new TempFolder();
        string path = folder["libLibTorchSharp.so"];
        File.WriteAllText(path, new string('x', 4096));
        string? why = EagerLoader.WhyNotFile(path);
        // "invalid ELF header", "not a mach-o file".
        Assert.Contains(path, why, StringComparison.Ordinal);
        Assert.True(why!.Length > path.Length + 5, why);
        Assert.DoesNotContain("can't be loaded", why, StringComparison.Ordinal);
    }

    [Fact]
    public void ALibraryThatIsNowhereIsLeftToTheRuntime() => Assert.Null(EagerLoader.WhyNot("LibTorchSharpNoSuch"));
}
