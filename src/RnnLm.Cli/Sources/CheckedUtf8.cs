using System.Buffers;
using System.Text;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Sources;

/// <summary>Passes UTF-8 on, and notes the lines that have bytes which are no text, so that one bad line need not be the end of the
/// file. Lines end by LF, CRLF or CR.</summary>
/// <param name="inner">The bytes.</param>
internal sealed class CheckedUtf8(Stream inner) : ReadOnlyStream(inner)
{
    private const int LongestCharacter = 4;

    private readonly Queue<(long Line, byte Byte)> _faults = [];
    private readonly byte[] _begun = new byte[LongestCharacter];   // a character that the last block did not end
    private int _begunLength;
    private long _line = 1;
    private bool _afterReturn;

    /// <summary>Takes the faults up to a line off the list, and returns the first byte of the first one; null where there are
    /// none.</summary>
    public byte? TakeFault(long upToLine)
    {
        byte? first = null;
        while (_faults.TryPeek(out (long Line, byte Byte) fault) && fault.Line <= upToLine)
        {
            first ??= fault.Byte;
            _faults.Dequeue();
        }

        return first;
    }

    public override int Read(Span<byte> buffer)
    {
        int read = Inner.Read(buffer);
        if (read == 0 && buffer.Length > 0 && _begunLength > 0)
        {
            Note(_begun[0]);
            _begunLength = 0;
        }

        Check(buffer[..read]);
        return read;
    }

    private void Check(ReadOnlySpan<byte> block)
    {
        while (_begunLength > 0 && block.Length > 0)
        {
            _begun[_begunLength++] = block[0];
            OperationStatus status = Rune.DecodeFromUtf8(_begun.AsSpan(0, _begunLength), out _, out _);
            if (status == OperationStatus.InvalidData)
            {
                // The byte that does not go on with the character may begin another.
                Note(_begun[0]);
                _begunLength = 0;
                break;
            }

            block = block[1..];
            if (status == OperationStatus.Done)
                _begunLength = 0;
        }

        while (block.Length > 0)
        {
            int ascii = block.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            CountLines(ascii < 0 ? block : block[..ascii]);
            if (ascii < 0)
                return;
            block = block[ascii..];
            _afterReturn = false;
            OperationStatus status = Rune.DecodeFromUtf8(block, out _, out int used);
            if (status == OperationStatus.NeedMoreData)
            {
                block.CopyTo(_begun);
                _begunLength = block.Length;
                return;
            }

            if (status == OperationStatus.InvalidData)
                Note(block[0]);
            block = block[used..];
        }
    }

    private void Note(byte value)
    {
        if (!_faults.TryPeek(out _) || _faults.Last().Line != _line)
            _faults.Enqueue((_line, value));
    }

    private void CountLines(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length == 0)
            return;
        if (!_afterReturn && !ascii.Contains((byte)'\r'))
        {
            _line += ascii.Count((byte)'\n');
            return;
        }

        foreach (byte c in ascii)
        {
            if (c == '\r' || (c == '\n' && !_afterReturn))
                _line++;
            _afterReturn = c == '\r';
        }
    }
}
