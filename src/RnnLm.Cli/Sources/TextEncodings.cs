using System.Text;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Sources;

/// <summary>Tells how a file is encoded. Nothing is guessed: a byte order mark says it, the user says it, or it is UTF-8.</summary>
internal static class TextEncodings
{
    private const int Inspected = 8192;

    static TextEncodings() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Finds an encoding by name; one that refuses what it can't read.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static Encoding Parse(string name)
    {
        try
        {
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException)
        {
            throw new UsageException($"'{name}' is not known. Use utf-8, utf-16, latin1, windows-1252 or another name of the IANA list.",
                SourceIds.Encoding);
        }
    }

    /// <summary>Tells a file's encoding by its first bytes, and leaves the stream behind its byte order mark.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="given">The encoding that the user named, or null.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="TextDataException">This is not text.</exception>
    public static Encoding Detect(Stream stream, Encoding? given, string name)
    {
        byte[] start = new byte[Inspected];
        int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> bytes = start.AsSpan(0, length);
        // UTF-32 before UTF-16: the mark of the latter begins that of the former.
        Encoding? marked = new[] { Parse("utf-8"), Parse("utf-32"), Parse("utf-16"), Parse("utf-16BE") }
            .FirstOrDefault(encoding => start.AsSpan(0, length).StartsWith(encoding.GetPreamble()));
        Encoding found = given ?? marked ?? Parse("utf-8");
        int zero = bytes.IndexOf((byte)0);
        if (zero >= 0 && found.GetByteCount("a") == 1)
        {
            throw new TextDataException($"this looks like a binary file: byte {zero} is 0. Give text files; "
                + $"for UTF-16 without a byte order mark, say {SourceIds.Encoding.Set("utf-16")}.", name);
        }

        ReadOnlySpan<byte> preamble = found.GetPreamble();
        stream.Position = preamble.Length > 0 && bytes.StartsWith(preamble) ? preamble.Length : 0;
        return found;
    }
}
