using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RnnLm.Text;

namespace RnnLm.Data;

/// <summary>Training or validation text as ids, with the vocabulary they are of.</summary>
internal sealed class Corpus
{
    public required CharVocabulary Vocabulary { get; init; }

    public required TokenBuffer Tokens { get; init; }

    /// <summary>Gets where each row begins in <see cref="Tokens"/>, and last where the last one ends. Empty for a running text.</summary>
    public IReadOnlyList<long> RowStarts { get; init; } = [];

    /// <summary>Gets how many of a row's ids are its input, for pairs; the rest are its target. Empty otherwise.</summary>
    public IReadOnlyList<int> InputLengths { get; init; } = [];

    /// <summary>Gets the condition of each row, as an index into <see cref="ConditionNames"/>; empty where there are none.</summary>
    public IReadOnlyList<int> Conditions { get; init; } = [];

    public IReadOnlyList<string> ConditionNames { get; init; } = [];

    /// <summary>Gets the number of characters of the text, without the inputs of pairs, that are not in <see cref="Tokens"/>, since the
    /// vocabulary neither has them nor a token for them.</summary>
    public long LeftOut { get; init; }

    public int Rows => Math.Max(0, RowStarts.Count - 1);

    public int RowLength(int row) => (int)(RowStarts[row + 1] - RowStarts[row]);

    /// <summary>Returns a few digits that tell these data from others of the same vocabulary and condition names.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Tokens.AddTo(hash);
        Add(RowStarts);
        Add(InputLengths);
        Add(Conditions);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 4));

        // In pieces: a list of a large corpus is not to stand in memory twice.
        void Add<T>(IEnumerable<T> values)
            where T : unmanaged
        {
            foreach (T[] piece in values.Chunk(1 << 13))
                hash.AppendData(MemoryMarshal.AsBytes<T>(piece));
        }
    }
}
