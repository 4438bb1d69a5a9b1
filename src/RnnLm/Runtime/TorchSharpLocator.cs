using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;
using RnnLm.Engines;

namespace RnnLm.Runtime;

/// <summary>
/// Finds the TorchSharp engine at run time, so that the core needs no reference to it: beside the application, or in the folder that the
/// environment variable RNNLM_TORCHSHARP names. A trimmed program, or one compiled ahead of time, can't load it, and the managed engine is
/// all it has.
/// </summary>
internal static class TorchSharpLocator
{
    private const string AssemblyName = "RnnLm.TorchSharp", TypeName = "RnnLm.TorchSharp.TorchSharpEngine",
        FolderVariable = "RNNLM_TORCHSHARP";

    private const string NeedsWholeProgram = "The TorchSharp engine is loaded at run time, with all that it refers to.";

    private static readonly Lazy<(IEngine?, string?)> Found = new(() => IsSupported
        ? Load()
        : (null, "This program is trimmed or compiled ahead of time, so that it can't load the TorchSharp engine. Publish it without "
        + "PublishTrimmed and PublishAot."));

    /// <summary>Gets whether the engine can be loaded: trimming and compiling ahead of time make this <see langword="false"/>, and leave
    /// out what follows from it.</summary>
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
#pragma warning disable IL4000 // The trimmer and the native compiler put false in its place.
    private static bool IsSupported => true;
#pragma warning restore IL4000

    /// <summary>Gets whether the user says where the engine is.</summary>
    public static bool IsNamed => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(FolderVariable));

    public static (IEngine? Engine, string? WhyNot) Find() => Found.Value;

    [RequiresUnreferencedCode(NeedsWholeProgram)]
    private static (IEngine?, string?) Load()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        try
        {
            Assembly assembly = string.IsNullOrEmpty(folder)
                ? Assembly.Load(AssemblyName)
                : new PluginContext(folder).LoadFromAssemblyName(new AssemblyName(AssemblyName));
            return ((IEngine)Activator.CreateInstance(assembly.GetType(TypeName, throwOnError: true)!)!, null);
        }
        catch (Exception fault) when (fault is IOException or BadImageFormatException or TypeLoadException or InvalidOperationException)
        {
            return (null, string.IsNullOrEmpty(folder)
                ? $"{AssemblyName} is not beside the application. Add the package {AssemblyName}, or set {FolderVariable} to a folder that "
                + "holds it with its dependencies."
                : $"{FolderVariable} names the folder '{folder}', from which {AssemblyName} could not be loaded: {fault.Message}");
        }
    }

    /// <summary>Loads a plug-in with the libraries, managed and native, that lie beside it. What the application has itself is
    /// shared.</summary>
    [RequiresUnreferencedCode(NeedsWholeProgram)]
    private sealed class PluginContext(string folder) : AssemblyLoadContext(AssemblyName)
    {
        private readonly AssemblyDependencyResolver _resolver = new(Path.Combine(Path.GetFullPath(folder), AssemblyName + ".dll"));

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (assemblyName.Name == typeof(IEngine).Assembly.GetName().Name)
                return null;
            return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
    }
}
