using System.Text;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Sources;

/// <summary>A text file, read piece by piece, so that its size does not matter. Bytes that are no text are an error, never replaced.</summary>
/// <param name="Path">The file.</param>
/// <param name="Encoding">The encoding that the user named, or null.</param>
internal sealed record TextFile(string Path, Encoding? Encoding = null)
{
    private const int BlockSize = 1 << 16;

    /// <summary>Finds the files that are meant by files and folders; of a folder, all <c>*.txt</c> within it in the order of their paths.</summary>
    /// <param name="inputs">The files and folders.</param>
    /// <param name="encoding">The encoding that the user named, or null.</param>
    /// <param name="warn">Is told what is left out of a folder.</param>
    /// <exception cref="UsageException">There is no such file or folder, or no text in the folder.</exception>
    public static IReadOnlyList<TextFile> Find(IEnumerable<string> inputs, Encoding? encoding, Action<string>? warn = null)
    {
        var files = new List<TextFile>();
        foreach (string input in inputs)
        {
            if (File.Exists(input))
            {
                files.Add(new(input, encoding));
            }
            else if (Directory.Exists(input))
            {
                var folder = TextFolder.Find(input);
                files.AddRange(folder.Files.Select(path => new TextFile(path, encoding)));
                if (folder.Warning is { } warning)
                    warn?.Invoke(warning);
            }
            else
            {
                throw new UsageException($"'{input}' does not exist. Give a text file, several, or a folder.");
            }
        }

        return files;
    }

    /// <summary>Reads the text as it is, in blocks. A surrogate pair is never divided. Each block is valid until the next is asked for.</summary>
    /// <exception cref="FormatException">The file is not text of its encoding; the message says where.</exception>
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
    /// <exception cref="FormatException">The file is not text of its encoding; the message says where.</exception>
    public IEnumerable<string> ReadLines()
    {
        using StreamReader reader = Open();
        while (Guard(reader, reader.ReadLine) is { } line)
            yield return line;
    }

    /// <summary>Reads the whole text.</summary>
    /// <exception cref="FormatException">The file is not text of its encoding; the message says where.</exception>
    public string ReadAll()
    {
        using StreamReader reader = Open();
        return Guard(reader, reader.ReadToEnd);
    }

    /// <summary>Opens the file behind its byte order mark.</summary>
    /// <exception cref="FormatException">This is not text.</exception>
    public StreamReader Open()
    {
        var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read);
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
    /// <exception cref="FormatException">It is not; the message says where.</exception>
    public T Guard<T>(StreamReader reader, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DecoderFallbackException e)
        {
            string encoding = reader.CurrentEncoding.WebName;
            throw new FormatException(encoding == "utf-8"
                ? $"'{Path}' is not UTF-8: {FindFault()}. Where an old program wrote it, say --encoding latin1 or windows-1252."
                : $"'{Path}' is not text of the encoding {encoding}. Say which it is by --encoding.", e);
        }
    }

    /// <summary>Reads the file again, as UTF-8, to say in which line the first fault is.</summary>
    private string FindFault()
    {
        using var stream = new BufferedStream(new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read));
        var sequence = new List<byte>(4);
        for (long line = 1; stream.ReadByte() is >= 0 and var next;)
        {
            sequence.Add((byte)next);
            System.Buffers.OperationStatus status = Rune.DecodeFromUtf8([.. sequence], out _, out _);
            if (status == System.Buffers.OperationStatus.InvalidData)
                return $"line {line} has a byte 0x{sequence[0]:X2} out of place";
            if (status == System.Buffers.OperationStatus.Done)
                sequence.Clear();
            line += next == '\n' ? 1 : 0;
        }

        return "it ends within a character";
    }
}
