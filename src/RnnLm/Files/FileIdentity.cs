using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RnnLm.Files;

/// <summary>What the system knows a file by, whatever the paths that lead to it: hard and symbolic links, capitals, relative
/// paths.</summary>
/// <param name="Volume">The number of the volume that the file is on.</param>
/// <param name="Number">The number of the file there.</param>
internal readonly partial record struct FileIdentity(ulong Volume, ulong Number)
{
    // The kinds of files that Unix knows, within the mode.
    private const int KindMask = 0xF000, Folder = 0x4000, RegularFile = 0x8000;

    /// <summary>Gets whether it is neither a file nor a folder, but a device or a pipe: what stands under its name is not to be
    /// replaced.</summary>
    public bool IsDevice { get; private init; }

    /// <summary>Tells whether two paths lead to one file. Two files that are not there yet are one where their full paths are.</summary>
    public static bool AreSame(string path, string other)
    {
        if (Path.GetFullPath(path) == Path.GetFullPath(other))
            return true;
        if (!Path.Exists(path) || !Path.Exists(other))
            return false;
        // A system that tells no identities still has paths.
        return Of(path) is { } identity && Of(other) is { } second ? identity == second : AtomicFile.Target(path)
            .Equals(AtomicFile.Target(other), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Tells whether a path leads to the file that the shell has put in place of the standard input. False on Windows.</summary>
    public static bool IsStandardInput(string path) => !OperatingSystem.IsWindows() && Path.Exists(path)
        && Of("/dev/stdin") is { IsDevice: false } input && Of(path) == input;

    /// <summary>Tells whether an open file is still the one that its path leads to. On Unix another process may take the name of an open
    /// file away, and give it to a new one.</summary>
    public static bool IsAt(SafeFileHandle file, string path) => OperatingSystem.IsWindows()
        || (Of(file) is { } identity ? Of(path) == identity : Path.Exists(path));

    /// <summary>Returns the identity of a file or folder, or null where the system tells none.</summary>
    public static FileIdentity? Of(string path) => Try(() => OperatingSystem.IsWindows() ? OfWindows(path)
        : OperatingSystem.IsMacOS() ? OfMacOS(path, file: null) : OfLinux(path, file: null));

    private static FileIdentity? Of(SafeFileHandle file) => Try(() => OperatingSystem.IsMacOS() ? OfMacOS("", file) : OfLinux("", file));

    private static FileIdentity? Try(Func<FileIdentity> identify)
    {
        try
        {
            return identify();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static FileIdentity OfWindows(string path)
    {
        // BY_HANDLE_FILE_INFORMATION: 13 numbers of 32 bits, of which these are the volume and the two halves of the file's index.
        const int Length = 13, VolumeAt = 7, HighAt = 11, LowAt = 12;
        Span<uint> information = stackalloc uint[Length];
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        ThrowIf(!GetFileInformationByHandle(handle, information));
        return new(information[VolumeAt], ((ulong)information[HighAt] << 32) | information[LowAt]);
    }

    private static FileIdentity OfLinux(string path, SafeFileHandle? file)
    {
        // struct statx, the same for every processor; the device is two numbers of 32 bits.
        const int Length = 256, ModeAt = 28, InodeAt = 32, DeviceAt = 136, CurrentFolder = -100, EmptyPath = 0x1000;
        const uint KindAndInodeWanted = 0x101;
        Span<byte> information = stackalloc byte[Length];
        ThrowIf((file is null
            ? StatX(CurrentFolder, path, 0, KindAndInodeWanted, information)
            : StatX(file, path, EmptyPath, KindAndInodeWanted, information)) != 0);
        return new(MemoryMarshal.Read<ulong>(information[DeviceAt..]), MemoryMarshal.Read<ulong>(information[InodeAt..]))
        {
            IsDevice = IsDeviceKind(MemoryMarshal.Read<ushort>(information[ModeAt..])),
        };
    }

    private static FileIdentity OfMacOS(string path, SafeFileHandle? file)
    {
        // struct stat with inodes of 64 bits.
        const int Length = 144, ModeAt = 4, InodeAt = 8;
        Span<byte> information = stackalloc byte[Length];
        ThrowIf(((RuntimeInformation.ProcessArchitecture == Architecture.X64, file) switch
        {
            (true, null) => StatInode64(path, information),
            (true, _) => StatInode64(file, information),
            (false, null) => Stat(path, information),
            (false, _) => Stat(file, information),
        }) != 0);
        return new(BinaryPrimitives.ReadUInt32LittleEndian(information), BinaryPrimitives.ReadUInt64LittleEndian(information[InodeAt..]))
        {
            IsDevice = IsDeviceKind(BinaryPrimitives.ReadUInt16LittleEndian(information[ModeAt..])),
        };
    }

    private static bool IsDeviceKind(int mode) => (mode & KindMask) is not (Folder or RegularFile);

    private static void ThrowIf(bool failed)
    {
        if (failed)
            throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
    }

    [LibraryImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandle(SafeFileHandle file, Span<uint> information);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int folder, string path, int flags, uint wanted, Span<byte> information);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(SafeFileHandle file, string path, int flags, uint wanted, Span<byte> information);

    [LibraryImport("libc", EntryPoint = "stat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Stat(string path, Span<byte> information);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatInode64(string path, Span<byte> information);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Stat(SafeFileHandle file, Span<byte> information);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatInode64(SafeFileHandle file, Span<byte> information);
}
