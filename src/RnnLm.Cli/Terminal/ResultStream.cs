namespace RnnLm.Cli.Terminal;

/// <summary>The standard output, whose faults say that they are its own: a full disk, say, under the file that it goes to.</summary>
/// <param name="output">Where the bytes go.</param>
/// <param name="isReaderGone">Tells whether nobody can read any more what is written, which .NET's own stream keeps to itself.</param>
internal sealed class ResultStream(Stream output, Func<bool> isReaderGone) : WriteOnlyStream
{
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            output.Dispose();
        base.Dispose(disposing);
    }
}
