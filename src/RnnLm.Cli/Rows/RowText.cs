using System.Text;
using RnnLm.Cli.Sources;

namespace RnnLm.Cli.Rows;

/// <summary>The text of a file of rows. Bytes that are no text spoil the line that they stand in, and no other.</summary>
internal sealed class RowText : IDisposable
{
    private readonly Stream _bytes;
    private readonly Encoding _encoding;
    private readonly CheckedUtf8 _checked;

    /// <param name="utf8">The text as UTF-8.</param>
    /// <param name="bytes">What it comes from, whose place is known where it is a file.</param>
    /// <param name="encoding">The encoding of that.</param>
    public RowText(Stream utf8, Stream bytes, Encoding encoding)
    {
        (_bytes, _encoding) = (bytes, encoding);
        _checked = new CheckedUtf8(utf8);
        Reader = new StreamReader(_checked, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false, 1 << 16);
    }

    public TextReader Reader { get; }

    /// <summary>Gets the number of bytes that were read, where that is known.</summary>
    public long Position => _bytes.CanSeek ? _bytes.Position : 0;

    /// <summary>Says what is wrong with the lines up to one, which no earlier call was asked about; null where nothing is.</summary>
    public string? FaultUpTo(long line) => _checked.TakeFault(line) is not { } value ? null
        : $"this is not UTF-8: a byte 0x{value:X2} is out of place. Where an old program wrote it, say --encoding latin1 or windows-1252";

    /// <summary>Reads on, and says where the file is not text of its encoding.</summary>
    /// <exception cref="TextDataException">It is not.</exception>
    public T Guard<T>(Func<T> read, string name, Func<long> line)
    {
        try
        {
            return read();
        }
        catch (DecoderFallbackException e)
        {
            throw new TextDataException($"this line, or one soon after it, is not text of the encoding {_encoding.WebName}. Name the right "
                + $"one by "
                + $"{SourceIds.Encoding}.", name, line(), e);
        }
    }

    public void Dispose() => Reader.Dispose();
}
