using System.Text;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Sources;

/// <summary>A text file, read piece by piece, so that its size does not matter. Bytes that are no text are an error, never
/// replaced.</summary>
/// <param name="Path">The file.</param>
/// <param name="Encoding">The encoding that the user named, or null.</param>
internal sealed record TextFile(string Path, Encoding? Encoding = null)
{
    /// <inheritdoc cref="InputFile.StandardInput"/>
    public const string StandardInput = InputFile.StandardInput;

    private const int BlockSize = 1 << 16;

    /// <summary>Gets the bytes of the standard input or of a pipe, which can be read only once; null for a file.</summary>
    public byte[]? Content { get; private init; }

    /// <summary>Gets the number of bytes.</summary>
    public long Length => Content?.LongLength ?? new FileInfo(Path).Length;

    /// <summary>Finds the files that are meant by files and folders; of a folder, all <c>*.txt</c> within it in the order of their
    /// paths.</summary>
    /// <param name="inputs">The files and folders.</param>
    /// <param name="encoding">The encoding that the user named, or null.</param>
    /// <param name="warn">Is told what is left out of a folder.</param>
    /// <param name="from">The option that names the files, or null.</param>
    /// <param name="openInput">Opens the standard input, which "-" stands for; null where it can't be read.</param>
    /// <param name="stop">Ends the waiting for a pipe.</param>
    /// <exception cref="UsageException">There is no such file or folder, or no text in the folder.</exception>
    public static IReadOnlyList<TextFile> Find(IEnumerable<string> inputs, Encoding? encoding, Action<string>? warn = null,
        OptionId? from = null, Func<Stream>? openInput = null, CancellationToken stop = default)
    {
        var files = new List<TextFile>();
        foreach (string input in inputs)
        {
            if (input == StandardInput && openInput is not null)
                files.Add(new(InputLines.Name, encoding) { Content = ReadAll(openInput()) });
            else if (InputFile.IsReadOnce(input))
                files.Add(new(input, encoding) { Content = ReadAll(InputFile.Open(input, stop)) });
            else if (InputFile.Exists(input))
                files.Add(new(input, encoding));
            else if (Directory.Exists(input))
            {
                var folder = TextFolder.Find(input, from);
                files.AddRange(folder.Files.Select(path => new TextFile(path, encoding)));
                if (folder.Warning is { } warning)
                    warn?.Invoke(warning);
            }
            else
            {
                throw new UsageException($"'{input}' {InputFile.Missing(input)}. Give a text file, several, or a folder.", from);
            }
        }

        return files;
    }

    /// <summary>Reads the text as it is, in blocks. A surrogate pair is never divided. Each block is valid until the next is asked
    /// for.</summary>
    /// <exception cref="TextDataException">The file is not text of its encoding; the message says where.</exception>
    public IEnumerable<ReadOnlyMemory<char>> ReadBlocks()
    {
        using StreamReader reader = Open();
        char[] block = new char[BlockSize];
        int held = 0;
        for (int read; (read = Guard(reader, () => reader.ReadBlock(block, held, BlockSize - held))) > 0;)
        {
            int length = held + read;
            held = char.IsHighSurrogate(block[length - 1]) ? 1 : 0;
            yield return block.AsMemory(0, length - held);
            if (held > 0)
                block[0] = block[length - 1];
        }

        if (held > 0)
            yield return block.AsMemory(0, 1);
    }

    /// <summary>Reads the lines, without their ends.</summary>
    /// <exception cref="TextDataException">The file is not text of its encoding; the message says where.</exception>
    public IEnumerable<string> ReadLines()
    {
        using StreamReader reader = Open();
        while (Guard(reader, reader.ReadLine) is { } line)
            yield return line;
    }

    /// <summary>Opens the file behind its byte order mark.</summary>
    /// <exception cref="TextDataException">This is not text.</exception>
    public StreamReader Open()
    {
        Stream stream = OpenBytes();
        try
        {
            return new StreamReader(stream, TextEncodings.Detect(stream, Encoding, Path), detectEncodingFromByteOrderMarks: false);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads on, and says where the file is not text of its encoding.</summary>
    /// <exception cref="TextDataException">It is not; the message says where.</exception>
    public T Guard<T>(StreamReader reader, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DecoderFallbackException e)
        {
            string encoding = reader.CurrentEncoding.WebName;
            if (encoding != "utf-8")
                throw new TextDataException($"this is not text of the encoding {encoding}. Say which it is by {SourceIds.Encoding}.", Path,
                    inner: e);
            (string fault, long? line) = FindFault();
            throw new TextDataException($"this is not UTF-8: {fault}. Where an old program wrote it, say "
                + $"{SourceIds.Encoding.Set("latin1")} or windows-1252.", Path, line, e);
        }
    }

    private Stream OpenBytes()
    {
        if (Content is not null)
            return new MemoryStream(Content);
        InputFile.RefuseReadOnce(Path);
        return InputFile.Open(Path);
    }

    private static byte[] ReadAll(Stream stream)
    {
        using (stream)
        {
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        }
    }

    /// <summary>Reads the file again, as UTF-8, to say in which line the first fault is.</summary>
    private (string Fault, long? Line) FindFault()
    {
        using var stream = new BufferedStream(OpenBytes());
        var sequence = new List<byte>(4);
        for (long line = 1; stream.ReadByte() is >= 0 and var next;)
        {
            sequence.Add((byte)next);
            System.Buffers.OperationStatus status = Rune.DecodeFromUtf8([.. sequence], out _, out _);
            if (status == System.Buffers.OperationStatus.InvalidData)
                return ($"a byte 0x{sequence[0]:X2} is out of place", line);
            if (status == System.Buffers.OperationStatus.Done)
                sequence.Clear();
            line += next == '\n' ? 1 : 0;
        }

        return ("the file ends within a character", null);
    }
}
