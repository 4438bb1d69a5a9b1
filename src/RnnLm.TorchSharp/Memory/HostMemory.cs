using System.Runtime.InteropServices;

namespace RnnLm.TorchSharp.Memory;

/// <summary>
/// Keeps glibc from giving memory back to the system within a training step. A step on the CPU frees tens of megabytes and asks for them
/// again at once; by default glibc returns blocks of such sizes, and the page faults of the next step were up to two fifths of the time (a
/// two-layer LSTM of 128 units). The setting is the process's; an application that has chosen its own by glibc's environment variables
/// keeps that.
/// </summary>
internal static class HostMemory
{
    private const string LibC = "libc.so.6";
    private const int TrimThreshold = -1, MmapThreshold = -3;   // M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h
    private const int Kept = 1 << 30;

    private static readonly string[] s_choices = ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES"];
    private static readonly Lazy<bool> s_isKept = new(Keep);

    /// <summary>Has freed memory kept for the next step.</summary>
    public static void KeepFreed() => _ = s_isKept.Value;

    /// <summary>Gives the system what is free, at the end of a training.</summary>
    public static void ReturnFreed()
    {
        if (s_isKept is { IsValueCreated: true, Value: true })
            _ = Trim(0);
    }

    private static bool Keep()
    {
        bool isGlibc = OperatingSystem.IsLinux() && NativeLibrary.TryLoad(LibC, out nint library)
            && NativeLibrary.TryGetExport(library, "mallopt", out _)
            && NativeLibrary.TryGetExport(library, "malloc_trim", out _);
        bool isChosen = s_choices.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));
        return isGlibc && !isChosen && SetOption(MmapThreshold, Kept) == 1 && SetOption(TrimThreshold, Kept) == 1;
    }

    [DllImport(LibC, EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SetOption(int parameter, int value);

    [DllImport(LibC, EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Trim(nuint pad);
}
