using System.IO.Compression;

namespace RnnLm.ModelFiles;

/// <summary>A zip archive read as ML.NET reads it: folders may be divided by <c>/</c> or <c>\</c>.</summary>
internal sealed class ModelZip : IDisposable
{
    // Deflate can't shrink anything further than to one part in 1,032.
    private const long GreatestExpansion = 1032;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Reads the directory of an archive.</summary>
    /// <param name="stream">The archive; it can seek, and stays open.</param>
    /// <exception cref="FormatException">This is no archive, or a damaged one.</exception>
    public ModelZip(Stream stream)
    {
        Span<byte> start = stackalloc byte[4];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Seek(-read, SeekOrigin.Current);
        if (read == 0)
            throw new FormatException("it is empty");
        if (!start[..read].SequenceEqual("PK\u0003\u0004"u8))
            throw new FormatException("it is not a model file (not a zip archive)");
        _zip = Decode(() => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        foreach (ZipArchiveEntry entry in Decode(() => _zip.Entries))
        {
            if (!_entries.TryAdd(entry.FullName.Replace('\\', '/'), entry))
                throw new FormatException($"it has two entries '{entry.FullName}'");
        }
    }

    public bool Contains(string path) => _entries.ContainsKey(path);

    /// <summary>Lists the folders that have an entry of a name, a folder before those inside it.</summary>
    public IEnumerable<string> FoldersWith(string name) => _entries.Keys
        .Where(path => path.EndsWith("/" + name, StringComparison.Ordinal))
        .Select(path => path[..^(name.Length + 1)])
        .Order(StringComparer.Ordinal);

    /// <summary>Opens an entry.</summary>
    /// <param name="path">The path, divided by <c>/</c>.</param>
    /// <param name="length">The length that the archive gives for it; not more than can come of its compressed bytes.</param>
    /// <exception cref="FormatException">There is none, or it is damaged.</exception>
    public Stream Open(string path, out long length)
    {
        if (!_entries.TryGetValue(path, out ZipArchiveEntry? entry))
            throw new FormatException($"its entry '{path}' is missing");
        length = entry.Length;
        if (length < 0 || length / GreatestExpansion > entry.CompressedLength)
            throw new FormatException($"its entry '{path}' claims {length} bytes, which can't come of {entry.CompressedLength} compressed "
                + "ones");
        return Decode(entry.Open);
    }

    public void Dispose() => _zip.Dispose();

    /// <summary>The library for zip archives has several ways to say that one is damaged.</summary>
    private static T Decode<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or ArgumentException or OverflowException
            or IOException)
        {
            throw new FormatException($"the zip archive is damaged or cut short ({e.Message.TrimEnd('.')})", e);
        }
    }
}
