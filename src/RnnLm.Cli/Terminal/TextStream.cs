using System.Text;

namespace RnnLm.Cli.Terminal;

/// <summary>Takes UTF-8, and writes it as text.</summary>
/// <param name="output">Where to.</param>
internal sealed class TextStream(TextWriter output) : Stream
{
    private readonly Decoder _decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetDecoder();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // A character that the buffer ends within is held until the rest of it comes.
        char[] text = new char[_decoder.GetCharCount(buffer, flush: false)];
        output.Write(text, 0, _decoder.GetChars(buffer, text, flush: false));
    }

    public override void Flush() => output.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
