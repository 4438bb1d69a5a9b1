using RnnLm.Engines;

namespace RnnLm.TorchSharp.Tests;

/// <summary>A test that needs libtorch, and is skipped with the loader's reason where it can't be loaded.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibTorchFactAttribute : FactAttribute
{
    /// <summary>Looks whether libtorch is there.</summary>
    public LibTorchFactAttribute() => Skip = WhyNot;

    internal static string? WhyNot { get; } = new TorchSharpEngine().WhyUnusable(ComputeDevice.Cpu);
}
