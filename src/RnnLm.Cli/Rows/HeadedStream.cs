using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Rows;

/// <summary>A stream of which the first bytes were read already.</summary>
/// <param name="head">These bytes.</param>
/// <param name="rest">The others.</param>
internal sealed class HeadedStream(ReadOnlyMemory<byte> head, Stream rest) : ReadOnlyStream(rest)
{
    private ReadOnlyMemory<byte> _head = head;

    public override int Read(Span<byte> buffer)
    {
        if (_head.IsEmpty)
            return Inner.Read(buffer);
        int count = Math.Min(buffer.Length, _head.Length);
        _head.Span[..count].CopyTo(buffer);
        _head = _head[count..];
        return count;
    }
}
