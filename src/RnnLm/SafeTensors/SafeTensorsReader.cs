using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RnnLm.Diagnostics;

namespace RnnLm.SafeTensors;

/// <summary>
/// Reads a safetensors file from a stream, once from start to end: header first, then the tensors in their order, then
/// <see cref="Complete"/>, which checks the checksum where there is one. What the header promises is known before any tensor is allocated.
/// </summary>
internal sealed class SafeTensorsReader : IDisposable
{
    private const int BlockSize = 1 << 16;

    private readonly Stream _stream;
    private readonly SafeTensorsHeader _header;
    private readonly IncrementalHash? _hash;
    private int _next;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="length">The number of bytes to the end of the file.</param>
    /// <exception cref="FormatException">The header is damaged, or does not fit the file.</exception>
    /// <exception cref="MemoryLimitException">The tensors take more memory than there is.</exception>
    public SafeTensorsReader(Stream stream, long length)
    {
        _stream = stream;
        _header = SafeTensorsHeader.Read(stream, length);
        MachineMemory.Current.Require(Tensors.Sum(t => t.Count * (double)(t.DataType == "U8" ? 1 : sizeof(float))), "the tensors take");
        if (HasChecksum)
            _hash = SafeTensorsChecksum.Start(_header.Json, _header.ChecksumOffset);
    }

    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Gets the tensors in the order in which they are to be read.</summary>
    public IReadOnlyList<TensorInfo> Tensors => _header.Tensors;

    /// <summary>Gets whether the file has a checksum; those of other programs have none.</summary>
    public bool HasChecksum => _header.ChecksumOffset >= 0;

    /// <summary>Reads the next tensor, turning its numbers into single precision.</summary>
    /// <param name="tensor">The next of <see cref="Tensors"/>.</param>
    /// <param name="destination">Takes its elements.</param>
    public void Read(TensorInfo tensor, Span<float> destination)
    {
        Begin(tensor, destination.Length);
        if (tensor.DataType == "F32")
        {
            ReadBytes(tensor, MemoryMarshal.AsBytes(destination));
            if (!BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(destination),
                    MemoryMarshal.Cast<float, int>(destination));
            return;
        }

        int size = TensorInfo.SizeOf(tensor.DataType);
        byte[] block = new byte[Math.Min(BlockSize, destination.Length * (long)size)];
        for (int done = 0; done < destination.Length;)
        {
            Span<byte> bytes = block.AsSpan(0, Math.Min(block.Length, (destination.Length - done) * size));
            ReadBytes(tensor, bytes);
            for (; bytes.Length > 0; bytes = bytes[size..])
                destination[done++] = ToSingle(tensor, bytes);
        }
    }

    /// <summary>Passes over the next tensor.</summary>
    public void Skip(TensorInfo tensor)
    {
        Begin(tensor, tensor.Count);
        byte[] block = new byte[BlockSize];
        for (long left = tensor.Count * (long)TensorInfo.SizeOf(tensor.DataType); left > 0; left -= block.Length)
            ReadBytes(tensor, block.AsSpan(0, (int)Math.Min(left, block.Length)));
    }

    /// <summary>Reads the next tensor, which is of type <c>U8</c>.</summary>
    public byte[] ReadBytes(TensorInfo tensor)
    {
        Begin(tensor, tensor.Count);
        if (tensor.DataType != "U8")
            throw new FormatException($"Tensor '{tensor.Name}' is of type {tensor.DataType}, not U8.");
        byte[] bytes = new byte[tensor.Count];
        ReadBytes(tensor, bytes);
        return bytes;
    }

    /// <summary>Checks that nothing is left, and the checksum.</summary>
    /// <exception cref="FormatException">The file goes on, or its contents do not give its checksum.</exception>
    public void Complete()
    {
        if (_next != Tensors.Count)
            throw new InvalidOperationException($"{Tensors.Count - _next} tensors were not read.");
        if (_stream.ReadByte() >= 0)
            throw new FormatException("Something follows the last tensor.");
        if (_hash is not null && SafeTensorsChecksum.Finish(_hash) != Metadata[SafeTensorsChecksum.Key])
            throw new FormatException("The tensors do not match their checksum: the file was damaged after it was written.");
    }

    public void Dispose() => _hash?.Dispose();

    private void Begin(TensorInfo tensor, int length)
    {
        if (_next >= Tensors.Count || !ReferenceEquals(Tensors[_next], tensor) || tensor.Count != length)
            throw new InvalidOperationException($"Tensor '{tensor.Name}' is read out of turn, or into {length} elements.");
        _next++;
    }

    private void ReadBytes(TensorInfo tensor, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            // In pieces, so that hashing finds them in the cache.
            Span<byte> piece = bytes[..Math.Min(bytes.Length, BlockSize)];
            if (_stream.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false) < piece.Length)
                throw new FormatException($"The file ends within tensor '{tensor.Name}'.");
            _hash?.AppendData(piece);
            bytes = bytes[piece.Length..];
        }
    }

    private static float ToSingle(TensorInfo tensor, ReadOnlySpan<byte> bytes) => tensor.DataType switch
    {
        "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        // bfloat16 is the upper half of a float.
        "BF16" => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        _ => throw new FormatException($"Tensor '{tensor.Name}' is of type {tensor.DataType}, which is not a floating-point number."),
    };
}
