using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RnnLm.Data;

/// <summary>
/// A long list of token ids in little memory: chunks of 64 Ki ids, each in the narrowest type that holds its ids, so one byte for a
/// character of an ordinary text. Grows at its end; may be longer than 2^31.
/// </summary>
/// <param name="spare">Chunks that another list has given back, to be used again; null for none.</param>
internal sealed class TokenBuffer(Stack<byte[]>? spare = null)
{
    private const int ChunkSize = 1 << 16;

    private readonly List<Array?> _chunks = [];
    private readonly int[] _tail = new int[ChunkSize];
    private int _tailCount;

    public long Count { get; private set; }

    public void Append(int id)
    {
        _tail[_tailCount++] = id;
        Count++;
        if (_tailCount == ChunkSize)
        {
            _chunks.Add(Narrow(_tail));
            _tailCount = 0;
        }
    }

    /// <summary>Copies ids out, from <paramref name="start"/> on, as many as the destination holds.</summary>
    public void Read(long start, Span<int> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + destination.Length, Count, nameof(start));
        while (!destination.IsEmpty)
        {
            int chunk = (int)(start / ChunkSize), offset = (int)(start % ChunkSize);
            int count = Math.Min(destination.Length, ChunkSize - offset);
            ReadChunk(chunk, offset, destination[..count]);
            destination = destination[count..];
            start += count;
        }
    }

    /// <summary>Adds all ids to a hash.</summary>
    public void AddTo(IncrementalHash hash)
    {
        foreach (Array? chunk in _chunks)
        {
            hash.AppendData(chunk switch
            {
                byte[] ids => ids,
                ushort[] ids => MemoryMarshal.AsBytes<ushort>(ids),
                int[] ids => MemoryMarshal.AsBytes<int>(ids),
                _ => throw new InvalidOperationException("These ids were forgotten."),
            });
        }

        hash.AppendData(MemoryMarshal.AsBytes(_tail.AsSpan(0, _tailCount)));
    }

    /// <summary>Gives back the memory of all ids before a position; they can't be read again.</summary>
    /// <param name="before">The position.</param>
    /// <param name="spare">Takes the chunks.</param>
    public void Forget(long before, Stack<byte[]> spare)
    {
        for (int chunk = (int)Math.Min(before / ChunkSize, _chunks.Count) - 1; chunk >= 0 && _chunks[chunk] is not null; chunk--)
        {
            if (_chunks[chunk] is byte[] bytes)
                spare.Push(bytes);
            _chunks[chunk] = null;
        }
    }

    private void ReadChunk(int chunk, int offset, Span<int> destination)
    {
        switch (chunk < _chunks.Count ? _chunks[chunk] : _tail)
        {
            case byte[] ids:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = ids[offset + i];
                break;
            case ushort[] ids:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = ids[offset + i];
                break;
            case int[] ids:
                ids.AsSpan(offset, destination.Length).CopyTo(destination);
                break;
            default:
                throw new InvalidOperationException("These ids were forgotten.");
        }
    }

    private Array Narrow(int[] ids)
    {
        int largest = TensorPrimitives.Max<int>(ids);
        return largest <= byte.MaxValue ? ToBytes(ids)
            : largest <= ushort.MaxValue ? Array.ConvertAll(ids, id => (ushort)id)
            : ids.AsSpan().ToArray();
    }

    private byte[] ToBytes(int[] ids)
    {
        byte[] bytes = spare is not null && spare.TryPop(out byte[]? used) ? used : new byte[ChunkSize];
        for (int i = 0; i < ids.Length; i++)
            bytes[i] = (byte)ids[i];
        return bytes;
    }
}
