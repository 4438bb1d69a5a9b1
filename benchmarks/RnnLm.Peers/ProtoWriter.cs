using System.Buffers;
using System.Text;

namespace RnnLm.Peers;

/// <summary>Writes a message of protocol buffers, field by field.</summary>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ProtoWriter Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public ProtoWriter Text(int field, params string[] values)
    {
        foreach (string value in values)
            Bytes(field, Encoding.UTF8.GetBytes(value));
        return this;
    }

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtoWriter Message(int field, ProtoWriter message) => Bytes(field, message.ToArray());

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    private void Varint(ulong value)
    {
        for (; value > 127; value >>= 7)
            _bytes.Write([(byte)(value | 128)]);
        _bytes.Write([(byte)value]);
    }
}
