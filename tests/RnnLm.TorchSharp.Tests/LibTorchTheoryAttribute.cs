namespace RnnLm.TorchSharp.Tests;

/// <summary>A theory that needs libtorch, and is skipped with the loader's reason where it can't be loaded.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibTorchTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks whether libtorch is there.</summary>
    public LibTorchTheoryAttribute() => Skip = LibTorchFactAttribute.WhyNot;
}
