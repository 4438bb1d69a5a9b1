using System.Buffers.Binary;
using System.Text;

namespace RnnLm.ModelFiles;

/// <summary>
/// The entry <c>Schema</c> of an ML.NET model: a binary data view without rows, which tells <c>Model.Load</c> the columns that the model
/// reads.
/// </summary>
internal static class SchemaEntry
{
    public const string EntryName = "Schema";

    private const int HeaderSize = 0x100;
    private const ulong Magic = 0x00425644004C4D43;
    private const ulong TailMagic = 0x434D4C0044564200;
    private const ulong Version = 0x0001000100010006;
    private const byte Deflate = 1;

    /// <summary>Returns the entry for columns of text.</summary>
    public static byte[] ToBytes(IReadOnlyCollection<string> textColumns)
    {
        using var stream = new MemoryStream();
        stream.Write(new byte[HeaderSize]);
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            foreach (string column in textColumns)
            {
                writer.Write(column);
                writer.Write("TextSpan");
                writer.Write7BitEncodedInt(0); // The codec of text has no parameters.
                writer.Write(Deflate);
                writer.Write7BitEncodedInt(1); // Rows in a block; there are none.
                writer.Write((long)HeaderSize); // Where the table of blocks is, which is empty.
                writer.Write(0L); // No annotations.
            }

            writer.Write(TailMagic);
        }

        byte[] entry = stream.ToArray();
        Span<byte> header = entry;
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(header[0x08..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(header[0x10..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x18..], HeaderSize); // Where the columns are listed.
        BinaryPrimitives.WriteInt64LittleEndian(header[0x20..], entry.Length - sizeof(ulong)); // Where the tail is.
        BinaryPrimitives.WriteInt64LittleEndian(header[0x28..], 0); // Rows.
        BinaryPrimitives.WriteInt32LittleEndian(header[0x30..], textColumns.Count);
        return entry;
    }
}
