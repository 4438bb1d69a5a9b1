using System.Reflection;
using System.Runtime.Loader;

namespace RnnLm;

/// <summary>
/// Finds the TorchSharp engine at run time, so that the core needs no reference to it: beside the application, or in the folder that the
/// environment variable RNNLM_TORCHSHARP names.
/// </summary>
internal static class TorchSharpLocator
{
    private const string AssemblyName = "RnnLm.TorchSharp", TypeName = "RnnLm.TorchSharp.TorchSharpEngine", FolderVariable = "RNNLM_TORCHSHARP";

    private static readonly Lazy<(IEngine?, string?)> Found = new(Load);

    public static (IEngine? Engine, string? WhyNot) Find() => Found.Value;

    private static (IEngine?, string?) Load()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        try
        {
            Assembly assembly = string.IsNullOrEmpty(folder) ? Assembly.Load(AssemblyName) : new PluginContext(folder).LoadFromAssemblyName(new AssemblyName(AssemblyName));
            return ((IEngine)Activator.CreateInstance(assembly.GetType(TypeName, throwOnError: true)!)!, null);
        }
        catch (Exception fault) when (fault is IOException or BadImageFormatException or TypeLoadException or InvalidOperationException)
        {
            return (null, string.IsNullOrEmpty(folder)
                ? $"{AssemblyName} is not beside the application. Add the package {AssemblyName}, or set {FolderVariable} to a folder that holds it with its dependencies."
                : $"{FolderVariable} names the folder '{folder}', from which {AssemblyName} could not be loaded: {fault.Message}");
        }
    }

    /// <summary>Loads a plug-in with the libraries, managed and native, that lie beside it. What the application has itself is shared.</summary>
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
