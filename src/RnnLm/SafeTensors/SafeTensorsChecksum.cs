using System.Security.Cryptography;

namespace RnnLm.SafeTensors;

/// <summary>
/// The checksum that our safetensors files carry among their metadata: SHA-256 over the header, with the digits of the checksum itself read
/// as zeros, and all data. Other readers take it for any other string.
/// </summary>
internal static class SafeTensorsChecksum
{
    public const string Key = "sha256";
    public const int Digits = 2 * SHA256.HashSizeInBytes;

    public static readonly string Blank = new('0', Digits);

    /// <summary>Starts the sum over a header whose checksum, if any, begins at <paramref name="digits"/>.</summary>
    public static IncrementalHash Start(ReadOnlySpan<byte> json, int digits)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> zeros = stackalloc byte[Digits];
        zeros.Fill((byte)'0');
        hash.AppendData(json[..digits]);
        hash.AppendData(zeros);
        hash.AppendData(json[(digits + Digits)..]);
        return hash;
    }

    public static string Finish(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
