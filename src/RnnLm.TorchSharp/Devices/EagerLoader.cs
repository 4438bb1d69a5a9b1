using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace RnnLm.TorchSharp.Devices;

/// <summary>
/// Loads a native library with all its symbols resolved. On Linux and macOS the runtime leaves them to the first call of each function, and
/// one that is not there (the libtorch is of another version) then ends the process.
/// </summary>
internal static partial class EagerLoader
{
    private const int Now = 2;

    /// <summary>Loads a library of this assembly's.</summary>
    /// <param name="name">Its name, without prefix and extension.</param>
    /// <returns>Why it can't be loaded, or <see langword="null"/> where it is, or where the runtime has to look for it.</returns>
    public static string? WhyNot(string name) => OperatingSystem.IsWindows() || Find(name) is not { } path ? null : WhyNotFile(path);

    /// <summary>Loads a file.</summary>
    /// <returns>What the loader says where it can't be loaded, or <see langword="null"/>.</returns>
    public static string? WhyNotFile(string path)
    {
        // The runtime binds a function at its first call, which overwrites the loader's message: so that is done before.
        _ = LastFault();
        return Open(path, Now) != 0 ? null : Marshal.PtrToStringUTF8(LastFault()) ?? $"{path} can't be loaded";
    }

    private static string? Find(string name)
    {
        string own = typeof(EagerLoader).Assembly.Location, file = OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";
        if (own.Length > 0 && File.Exists(Path.ChangeExtension(own, ".deps.json"))
            && new AssemblyDependencyResolver(own).ResolveUnmanagedDllToPath(name) is { } resolved)
            return resolved;
        string searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return searched.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int mode);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial nint LastFault();
}
