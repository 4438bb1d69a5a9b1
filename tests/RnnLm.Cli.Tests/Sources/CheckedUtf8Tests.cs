using System.Text;
using RnnLm.Cli.Sources;

namespace RnnLm.Cli.Tests.Sources;

/// <summary>A byte that is no text is found in its line, however the bytes are cut into blocks.</summary>
public sealed class CheckedUtf8Tests
{
    [Fact]
    public void TheLinesWithFaultsAreThoseThatNetCannotDecode()
    {
        var random = new Random(5);
        byte[][] pieces = [[0x61], "é"u8.ToArray(), "ጤ"u8.ToArray(), "😀"u8.ToArray(), [0x0A], [0x0D, 0x0A], [0x0D], [0xE4], [0xF0, 0x9F],
            [0xC0], [0xED, 0xA0, 0x80], [0xFF]];
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        for (int run = 0; run < 400; run++)
        {
            byte[] bytes = [.. Enumerable.Range(0, random.Next(40)).SelectMany(_ => pieces[random.Next(pieces.Length)])];
            using var checkedBytes = new CheckedUtf8(new MemoryStream(bytes));
            for (byte[] block = new byte[random.Next(1, 7)]; checkedBytes.Read(block) > 0;)
            {
            }

            int[] expected = [.. Lines(bytes).Select((line, index) => IsText(line, strict) ? 0 : index + 1).Where(number => number > 0)];
            int[] found = [.. Enumerable.Range(1, Lines(bytes).Count).Where(line => checkedBytes.TakeFault(line) is not null)];
            Assert.Equal(expected, found);
        }
    }

    private static bool IsText(byte[] line, UTF8Encoding encoding)
    {
        try
        {
            encoding.GetString(line);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static List<byte[]> Lines(byte[] bytes)
    {
        // Each byte as a character of its own, so that .NET's reader divides the lines.
        using var reader = new StringReader(Encoding.Latin1.GetString(bytes) + "\n");
        var lines = new List<byte[]>();
        while (reader.ReadLine() is { } line)
            lines.Add(Encoding.Latin1.GetBytes(line));
        return lines;
    }
}
