namespace RnnLm.Cli.Terminal;

/// <summary>The standard output, whose faults say that they are its own: a full disk, say, under the file that it goes to.</summary>
/// <param name="output">Where the bytes go.</param>
/// <param name="isReaderGone">Tells whether nobody can read any more what is written, which .NET's own stream keeps to itself.</param>
internal sealed class ResultStream(Stream output, Func<bool> isReaderGone) : Stream
{
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
        try
        {
            output.Write(buffer);
        }
        catch (IOException e)
        {
            throw new ResultException(e.Message, e);
        }

        if (isReaderGone())
            throw new ResultException("nobody reads it any more.") { IsReaderGone = true };
    }

    public override void Flush()
    {
        try
        {
            output.Flush();
        }
        catch (IOException e)
        {
            throw new ResultException(e.Message, e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            output.Dispose();
        base.Dispose(disposing);
    }
}
