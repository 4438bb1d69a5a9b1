using RnnLm.ModelFiles;

namespace RnnLm.Tests;

public sealed class ModelKeyTests
{
    // What ML.NET 5.0.0 writes for a chain of two members, of which only the first and last bytes are given.
    private const string ChainStart =
        "4D4C004D4F44454C0200010002000100" + "00010000000000000C00000000000000" + "00000000000000000000000000000000"
        + "00000000000000000000000000000000"
        + "584600434841494E0100010001000100" + "5472616E73666F726D6572436861696E" + "00000000000000000000000000000000"
        + "00000000000000000000000000000000"
        + "B401000000000000BC01000000000000" + "0C01000000000000A800000000000000";

    private const string ChainBlock = "020000000700000007000000";
    private const string Tail = "4C45444F4D004C4D";
    private const string Assembly = "Microsoft.ML.Data, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";

    [Fact]
    public void ItIsWrittenAsMLNETWritesIt()
    {
        byte[] entry = new ModelKey("XF CHAIN", "TransformerChain", Assembly).ToBytes(Convert.FromHexString(ChainBlock));

        string hex = Convert.ToHexString(entry);
        Assert.Equal(0x1BC, entry.Length);
        Assert.StartsWith(ChainStart, hex, StringComparison.Ordinal);
        Assert.Equal(new string('0', 2 * (0x100 - 0xA0)) + ChainBlock + "4D006900", hex[(2 * 0xA0)..(2 * 0x110)]);
        Assert.EndsWith("35003100" + Tail, hex, StringComparison.Ordinal);
    }

    [Fact]
    public void ItIsRead()
    {
        byte[] entry = new ModelKey("XF CHAIN", "TransformerChain", Assembly).ToBytes([1, 2, 3]);

        Assert.Equal(new("XF CHAIN", "TransformerChain", Assembly), ModelKey.Read(new MemoryStream(entry), entry.Length, "Model.key"));
    }

    [Fact]
    public void DamageIsRefused()
    {
        byte[] entry = new ModelKey("XF CHAIN", "TransformerChain", Assembly).ToBytes([]);

        AssertRefused(entry[..0xFF], 0xFF, "255 bytes");
        AssertRefused(entry[..^1], entry.Length, "shorter");
        AssertRefused(Changed(0), entry.Length, "does not begin");
        AssertRefused(Changed(0x0E), entry.Length, "newer");
        AssertRefused(Changed(0x97), entry.Length, "outside");
        AssertRefused(Changed(0x9B), entry.Length, "outside");
        AssertRefused(entry, 1L << 40, "1099511627776 bytes");

        byte[] Changed(int i)
        {
            byte[] changed = [.. entry];
            changed[i] ^= 0xF0;
            return changed;
        }
    }

    private static void AssertRefused(byte[] entry, long length, string fault)
    {
        var e = Assert.Throws<FormatException>(() => ModelKey.Read(new MemoryStream(entry), length, "Model.key"));
        Assert.Contains(fault, e.Message, StringComparison.Ordinal);
    }
}
