using System.Text;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Rows;

/// <summary>A file of rows, a pipe, or the standard input: read once from begin to end, whatever its size.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Format">How it is read.</param>
/// <param name="OpenBytes">Opens it.</param>
/// <param name="Path">Its path; null for the standard input.</param>
internal sealed record RowFile(string Name, InputFormat Format, Func<Stream> OpenBytes, string? Path)
{
    private const int Inspected = 1 << 13;

    /// <summary>Gets the number of bytes; null where that is not known before they are read.</summary>
    public long? Length => Path is { } path && !InputFile.IsReadOnce(path) ? new FileInfo(path).Length : null;

    /// <summary>Opens the text behind its byte order mark.</summary>
    /// <param name="named">The encoding that the user named, or null.</param>
    /// <exception cref="TextDataException">This is not text.</exception>
    public RowText Open(Encoding? named)
    {
        Stream bytes = OpenBytes();
        try
        {
            byte[] head = new byte[Inspected];
            // A pipe or a terminal may give little at first, and waits for the answer; a byte order mark comes with it.
            int read = bytes.CanSeek ? bytes.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) : bytes.Read(head);
            using var start = new MemoryStream(head, 0, read);
            Encoding encoding = TextEncodings.Detect(start, named, Name);
            Stream whole = new HeadedStream(head.AsMemory((int)start.Position, read - (int)start.Position), bytes);
            if (encoding.WebName != "utf-8")
                whole = Encoding.CreateTranscodingStream(whole, encoding, new UTF8Encoding(false));
            return new RowText(whole, bytes, encoding);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }
}
