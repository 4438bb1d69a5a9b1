using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RnnLm.Modeling;

namespace RnnLm.SafeTensors;

/// <summary>Writes safetensors files, with a checksum.</summary>
internal static class SafeTensorsWriter
{
    private const int BlockSize = 1 << 16;

    /// <summary>Writes tensors in their order.</summary>
    /// <param name="stream">Takes the file; it stays open and need not seek.</param>
    /// <param name="tensors">The tensors, as <c>F32</c>.</param>
    /// <param name="metadata">Strings that go with them; <c>sha256</c> is added.</param>
    /// <param name="bytes">Further arrays, as <c>U8</c>.</param>
    public static void Write(
        Stream stream,
        IReadOnlyCollection<WeightTensor> tensors,
        IReadOnlyDictionary<string, string> metadata,
        IReadOnlyDictionary<string, byte[]>? bytes = null)
    {
        bytes ??= new Dictionary<string, byte[]>(StringComparer.Ordinal);
        byte[] json = Header(tensors, bytes, metadata, SafeTensorsChecksum.Blank);
        int digits = json.AsSpan().IndexOf(Encoding.ASCII.GetBytes(SafeTensorsChecksum.Blank));
        string checksum = Checksum(json, digits, tensors, bytes);
        Encoding.ASCII.GetBytes(checksum, json.AsSpan(digits));

        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        stream.Write(length);
        stream.Write(json);
        ForEachBlock(tensors, bytes, stream.Write);
    }

    private static string Checksum(byte[] json, int digits, IReadOnlyCollection<WeightTensor> tensors,
        IReadOnlyDictionary<string, byte[]> bytes)
    {
        using IncrementalHash hash = SafeTensorsChecksum.Start(json, digits);
        ForEachBlock(tensors, bytes, hash.AppendData);
        return SafeTensorsChecksum.Finish(hash);
    }

    private static void ForEachBlock(IReadOnlyCollection<WeightTensor> tensors, IReadOnlyDictionary<string, byte[]> bytes,
        SpanAction action)
    {
        int[] swapped = BitConverter.IsLittleEndian ? [] : new int[BlockSize / sizeof(int)];
        foreach (WeightTensor tensor in tensors)
        {
            ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(tensor.Values);
            for (int length; bits.Length > 0; bits = bits[length..])
            {
                length = Math.Min(bits.Length, BlockSize / sizeof(int));
                ReadOnlySpan<int> block = bits[..length];
                if (!BitConverter.IsLittleEndian)
                {
                    BinaryPrimitives.ReverseEndianness(block, swapped);
                    block = swapped.AsSpan(0, length);
                }

                action(MemoryMarshal.AsBytes(block));
            }
        }

        foreach (byte[] array in bytes.Values)
            action(array);
    }

    private static byte[] Header(
        IReadOnlyCollection<WeightTensor> tensors,
        IReadOnlyDictionary<string, byte[]> bytes,
        IReadOnlyDictionary<string, string> metadata,
        string checksum)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteStartObject(SafeTensorsHeader.MetadataKey);
        // First, so that the first run of zeros in the header is this one.
        writer.WriteString(SafeTensorsChecksum.Key, checksum);
        foreach ((string key, string value) in metadata)
            writer.WriteString(key, value);
        writer.WriteEndObject();
        long offset = 0;
        foreach (WeightTensor tensor in tensors)
            WriteTensor(writer, tensor.Name, "F32", tensor.Shape, sizeof(float) * (long)tensor.Values.Length, ref offset);
        foreach ((string name, byte[] array) in bytes)
            WriteTensor(writer, name, "U8", [array.Length], array.Length, ref offset);
        writer.WriteEndObject();
        writer.Flush();

        // Spaces fill the header up, so that the tensors begin at a multiple of eight.
        byte[] json = new byte[(buffer.WrittenCount + 7) / 8 * 8];
        json.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(json);
        return json;
    }

    private static void WriteTensor(Utf8JsonWriter writer, string name, string dataType, int[] shape, long length, ref long offset)
    {
        writer.WriteStartObject(name);
        writer.WriteString("dtype", dataType);
        writer.WriteStartArray("shape");
        foreach (int dimension in shape)
            writer.WriteNumberValue(dimension);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(offset);
        writer.WriteNumberValue(offset += length);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private delegate void SpanAction(ReadOnlySpan<byte> bytes);
}
