using System.Buffers.Binary;
using System.Text;

namespace RnnLm.ModelFiles;

/// <summary>
/// The entry <c>Model.key</c> that ML.NET writes for each member of a model: a header of 256 bytes, a block of the member's own, strings,
/// the full name of the assembly that loads it, and a tail. Only what tells members apart is read; blocks are written, but not the strings,
/// which need none here.
/// </summary>
/// <param name="ModelSignature">Eight characters that stand for the format of the block.</param>
/// <param name="LoaderSignature">The name under which ML.NET finds the loader, up to 24 characters.</param>
/// <param name="LoaderAssembly">The full name of the assembly that has the loader, or empty.</param>
internal sealed record ModelKey(string ModelSignature, string LoaderSignature, string LoaderAssembly)
{
    public const string EntryName = "Model.key";

    private const int HeaderSize = 0x100;
    private const int MaximumLength = 16 << 20;
    private const ulong Magic = 0x4C45444F4D004C4D;
    private const ulong TailMagic = 0x4D4C004D4F44454C;

    // Versions of the header, and of the model block, whose first version is the only one.
    private const uint HeaderVersion = 0x00010002;
    private const uint FirstVersion = 0x00010001;

    private const int ModelSignatureOffset = 0x40;
    private const int ModelSignatureLength = 8;
    private const int LoaderSignatureOffset = 0x50;
    private const int LoaderSignatureLength = 24;
    private const int AssemblyOffset = 0x90;
    private const int AssemblyLengthOffset = 0x98;

    /// <summary>Returns the entry with a block of the member's own.</summary>
    public byte[] ToBytes(ReadOnlySpan<byte> block)
    {
        byte[] assembly = Encoding.Unicode.GetBytes(LoaderAssembly);
        int assemblyStart = HeaderSize + block.Length;
        int tail = assemblyStart + assembly.Length;
        byte[] entry = new byte[tail + sizeof(ulong)];
        Span<byte> header = entry;
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x08..], HeaderVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x0C..], HeaderVersion);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x10..], HeaderSize);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x18..], block.Length);
        Encoding.Latin1.GetBytes(ModelSignature.Replace(' ', '\0'), header.Slice(ModelSignatureOffset, ModelSignatureLength));
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x48..], FirstVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x4C..], FirstVersion);
        Encoding.Latin1.GetBytes(LoaderSignature, header.Slice(LoaderSignatureOffset, LoaderSignatureLength));
        BinaryPrimitives.WriteInt64LittleEndian(header[0x80..], tail);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x88..], entry.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header[AssemblyOffset..], assemblyStart);
        BinaryPrimitives.WriteInt32LittleEndian(header[AssemblyLengthOffset..], assembly.Length);
        block.CopyTo(header[HeaderSize..]);
        assembly.CopyTo(header[assemblyStart..]);
        BinaryPrimitives.WriteUInt64LittleEndian(header[tail..], TailMagic);
        return entry;
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="stream">The entry.</param>
    /// <param name="length">The length that the zip gives for it.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="FormatException">It is not such an entry, or damaged.</exception>
    public static ModelKey Read(Stream stream, long length, string path)
    {
        if (length is < HeaderSize or > MaximumLength)
            throw new FormatException($"'{path}' has {length} bytes; an entry of ML.NET has from {HeaderSize} to {MaximumLength}.");
        byte[] entry = new byte[length];
        if (stream.ReadAtLeast(entry, entry.Length, throwOnEndOfStream: false) < entry.Length)
            throw new FormatException($"'{path}' is shorter than the zip says.");
        ReadOnlySpan<byte> header = entry;
        if (BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic)
            throw new FormatException($"'{path}' does not begin as an entry of ML.NET.");
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[0x0C..]) > HeaderVersion)
            throw new FormatException($"'{path}' was written by a version of ML.NET whose header is newer than this version of RnnLm "
                + "reads.");
        long assembly = BinaryPrimitives.ReadInt64LittleEndian(header[AssemblyOffset..]);
        uint assemblyLength = BinaryPrimitives.ReadUInt32LittleEndian(header[AssemblyLengthOffset..]);
        if (assembly < 0 || assembly > length || assemblyLength > length - assembly)
            throw new FormatException($"'{path}' gives its assembly a place outside the entry.");
        return new(
            Text(header.Slice(ModelSignatureOffset, ModelSignatureLength)),
            Text(header.Slice(LoaderSignatureOffset, LoaderSignatureLength)).TrimEnd(),
            Encoding.Unicode.GetString(header.Slice((int)assembly, (int)assemblyLength)));
    }

    /// <summary>ML.NET writes a space as zero.</summary>
    private static string Text(ReadOnlySpan<byte> latin1) => Encoding.Latin1.GetString(latin1).Replace('\0', ' ');
}
