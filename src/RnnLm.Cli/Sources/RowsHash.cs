using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RnnLm.Cli.Sources;

/// <summary>Tells rows in their order from others. Conditions and empty rows do not count.</summary>
internal sealed class RowsHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Gets the number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>Returns the number of rows and a hash of them, as a model keeps it.</summary>
    public string Value => FormattableString.Invariant($"{Rows} {Convert.ToHexStringLower(_hash.GetCurrentHash())}");

    /// <summary>Returns the number of rows that a value was made of.</summary>
    public static string RowsOf(string value) => value.Split(' ')[0];

    public void Add(TextRow row)
    {
        if (row.Text.IsEmpty && row.Target.IsEmpty)
            return;
        Rows++;
        Add(row.Text.Span);
        Add(row.Target.Span);
    }

    public void Dispose() => _hash.Dispose();

    private void Add(ReadOnlySpan<char> text)
    {
        // With its length, so that no two lists of texts are the same characters.
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        _hash.AppendData(length);
        _hash.AppendData(MemoryMarshal.AsBytes(text));
    }
}
