using System.Buffers.Binary;
using System.Text;
using RnnLm.Data;
using RnnLm.Diagnostics;
using RnnLm.Text;

namespace RnnLm;

/// <summary>
/// Says whether a text occurs in the data that a model was trained on, in little memory. Of rows and pairs it knows each row as a whole.
/// Of a running text it knows each window of so many characters, and a text is taken to occur where all its windows do. What occurs is
/// always found; what does not is taken to occur with the probability <see cref="FalsePositiveRate"/> for a row, and for a running text
/// with that probability for each window that is new. A window takes 9.6 bits at a rate of 1 %, a row 14.4 at 0.1 %.
/// </summary>
public sealed class TrainingTextFilter
{
    private const int HeaderSize = 28;
    private const byte Version = 1;

    // A window is held in memory wherever a text is looked for, so a damaged file must not ask for just any length.
    private const int LongestWindow = 4096;

    private readonly BloomFilter _hashes;

    private TrainingTextFilter(BloomFilter hashes, int window, double falsePositiveRate)
    {
        _hashes = hashes;
        WindowLength = window;
        FalsePositiveRate = falsePositiveRate;
    }

    /// <summary>Gets the number of characters of a window, or 0 where whole rows are known.</summary>
    public int WindowLength { get; }

    /// <summary>Gets the probability with which a row or window that is not in the data is taken to be.</summary>
    public double FalsePositiveRate { get; }

    /// <summary>Gets or sets whether the training data were read with their line ends as they were; else as line feeds.</summary>
    internal bool KeepsLineEnds { get; set; } = true;

    private static ReadOnlySpan<byte> Magic => "RLTF"u8;

    /// <summary>Says whether a text occurs in the training data.</summary>
    /// <param name="text">The text.</param>
    /// <param name="prompt">What stands before the text. A row is prompt and text together; of a running text, the windows that end in the
    /// text are looked for.</param>
    /// <returns>Whether it occurs, as far as the filter can tell. Of a running text, one in which no window ends counts as new.</returns>
    public bool Contains(ReadOnlySpan<char> text, ReadOnlySpan<char> prompt = default)
    {
        var hash = new WindowHash(WindowLength);
        var lineEnds = new LineEnds(KeepsLineEnds);
        foreach (Rune character in lineEnds.Read(prompt).EnumerateRunes())
            hash.Add(character.Value);
        bool any = false;
        foreach (Rune character in lineEnds.Read(text).EnumerateRunes())
        {
            hash.Add(character.Value);
            if (WindowLength == 0 || !hash.HasValue)
                continue;
            if (!_hashes.Contains(hash.Value))
                return false;
            any = true;
        }

        return WindowLength == 0 ? _hashes.Contains(hash.Value) : any;
    }

    /// <summary>Makes the filter of a corpus.</summary>
    /// <param name="corpus">The training data.</param>
    /// <param name="windowLength">The number of characters of a window, for a running text.</param>
    /// <param name="falsePositiveRate">The probability of a false positive; 0 for 1 % of windows and 0.1 % of rows.</param>
    /// <exception cref="TextDataException">The filter would be larger than 1 GiB.</exception>
    internal static TrainingTextFilter FromCorpus(Corpus corpus, int windowLength = 24, double falsePositiveRate = 0)
    {
        bool rows = corpus.RowStarts.Count > 0;
        if (falsePositiveRate == 0)
            falsePositiveRate = rows ? 0.001 : 0.01;
        TrainingTextFilter filter = Create(rows ? corpus.Rows : corpus.Tokens.Count, rows ? 0 : windowLength, falsePositiveRate);
        filter.KeepsLineEnds = new LineEnds(corpus.Vocabulary).AreKept;
        if (!rows)
        {
            filter.AddTokens(corpus, 0, corpus.Tokens.Count);
            return filter;
        }

        for (int row = 0; row < corpus.Rows; row++)
            filter.AddTokens(corpus, corpus.RowStarts[row], corpus.RowStarts[row + 1]);
        return filter;
    }

    /// <summary>Makes an empty filter.</summary>
    /// <param name="capacity">The number of rows or windows that are to be added.</param>
    /// <param name="windowLength">The number of characters of a window, or 0 for whole rows.</param>
    /// <param name="falsePositiveRate">The probability of a false positive once so many are added.</param>
    internal static TrainingTextFilter Create(long capacity, int windowLength, double falsePositiveRate)
    {
        var faults = new OptionFaults();
        faults.InRange(windowLength, 0, LongestWindow);
        faults.Require(falsePositiveRate is > 0 and < 1, nameof(falsePositiveRate),
            $"must be above 0 and below 1, but is {falsePositiveRate}");
        faults.ThrowIfAny(nameof(falsePositiveRate));
        return new TrainingTextFilter(BloomFilter.Create(capacity, falsePositiveRate), windowLength, falsePositiveRate);
    }

    /// <summary>Writes the filter as bytes, little-endian: the letters RLTF, a version, three zeros, window length, number of hashes, rate,
    /// number of words, words of bits.</summary>
    internal byte[] ToBytes()
    {
        byte[] bytes = new byte[HeaderSize + ((long)_hashes.Words.Length * sizeof(ulong))];
        Magic.CopyTo(bytes);
        bytes[4] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), WindowLength);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), _hashes.Hashes);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(16), FalsePositiveRate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), _hashes.Words.Length);
        for (int i = 0; i < _hashes.Words.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(HeaderSize + (i * sizeof(ulong))), _hashes.Words[i]);
        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote. Nothing is made of a size before it is held against the number of bytes.</summary>
    /// <exception cref="FormatException">The bytes are damaged or of a newer version.</exception>
    internal static TrainingTextFilter FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || !bytes.StartsWith(Magic))
            throw new FormatException("it does not begin as it should");
        if (bytes[4] != Version)
            throw new FormatException($"it is of format version {bytes[4]}; this version of RnnLm reads {Version}. Update RnnLm");
        int window = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), hashes = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        double rate = BinaryPrimitives.ReadDoubleLittleEndian(bytes[16..]);
        int words = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]);
        if (window is < 0 or > LongestWindow)
            throw new FormatException($"its windows have {window} characters, but may have from 0 to {LongestWindow}");
        if (rate is not (> 0 and < 1))
            throw new FormatException($"its rate of false positives is {rate}, which is not between 0 and 1");
        if (hashes != BloomFilter.HashesFor(rate))
            throw new FormatException($"it has {hashes} hashes, but by its rate of false positives {BloomFilter.HashesFor(rate)}");
        if (words < 1 || bytes.Length != HeaderSize + ((long)words * sizeof(ulong)))
            throw new FormatException($"it has {bytes.Length} bytes, but by its header {HeaderSize + ((long)words * sizeof(ulong))}");
        var bits = new ulong[words];
        for (int i = 0; i < words; i++)
            bits[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(HeaderSize + (i * sizeof(ulong)))..]);
        return new TrainingTextFilter(new BloomFilter(bits, hashes), window, rate);
    }

    private void AddTokens(Corpus corpus, long first, long last)
    {
        var hash = new WindowHash(WindowLength);
        Span<int> part = stackalloc int[256];
        for (long position = first; position < last; position += part.Length)
        {
            part = part[..(int)Math.Min(part.Length, last - position)];
            corpus.Tokens.Read(position, part);
            foreach (int id in part)
                Add(ref hash, corpus.Vocabulary.IsSpecial(id) ? Rune.ReplacementChar.Value : corpus.Vocabulary.GetCharacter(id).Value);
        }

        if (WindowLength == 0)
            _hashes.Add(hash.Value);
    }

    private void Add(ref WindowHash hash, int codePoint)
    {
        hash.Add(codePoint);
        if (WindowLength > 0 && hash.HasValue)
            _hashes.Add(hash.Value);
    }
}
