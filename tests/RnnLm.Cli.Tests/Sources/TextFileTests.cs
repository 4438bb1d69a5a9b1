using System.Text;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

public sealed class TextFileTests : IDisposable
{
    private const string Sample = "Grüße, 世界 𝄞\nzweite Zeile\n";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    public void EncodingsThatAFileShowsItselfAreRead(string name, bool mark)
    {
        Encoding encoding = TextEncodings.Parse(name);
        Write([.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Sample)]);

        Assert.Equal(Sample, Read(new TextFile(Path)));
        Assert.Equal(["Grüße, 世界 𝄞", "zweite Zeile"], new TextFile(Path).ReadLines());
    }

    [Theory]
    [InlineData("latin1", new byte[] { (byte)'a', 0xE9 }, "aé")]
    [InlineData("windows-1252", new byte[] { 0x80 }, "€")]
    [InlineData("utf-16", new byte[] { (byte)'a', 0, 0xE9, 0 }, "aé")]
    public void EncodingsThatAreSaidAreRead(string name, byte[] bytes, string text)
    {
        Write(bytes);

        Assert.Equal(text, Read(new TextFile(Path, TextEncodings.Parse(name))));
    }

    [Fact]
    public void BytesThatAreNotUTF8AreRefusedWithLineAndAdvice()
    {
        Write([.. "first\nsec"u8, 0xE9, .. "nd\n"u8]);

        var e = Assert.Throws<TextDataException>(() => new TextFile(Path).ReadLines().ToList());

        Assert.Equal($"{Path}:2: this is not UTF-8: a byte 0xE9 is out of place. Where an old program wrote it, say "
            + "Source.Encoding = \"latin1\" or windows-1252.", e.Message);
        Assert.Throws<TextDataException>(() => new TextFile(Path).ReadBlocks().ToList());
    }

    [Fact]
    public void AFileThatEndsWithinACharacterIsRefused()
    {
        Write([.. "abc"u8, 0xE2, 0x82]);

        var e = Assert.Throws<TextDataException>(() => Read(new TextFile(Path)));

        Assert.Contains("ends within a character", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BrokenUTF16IsRefused()
    {
        Write([0xFF, 0xFE, 0x00, 0xD8, (byte)'a', 0]);

        var e = Assert.Throws<TextDataException>(() => Read(new TextFile(Path)));

        Assert.Contains("utf-16", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABinaryFileIsRefused()
    {
        Write([0x7F, .. "ELF"u8, 2, 1, 1, 0, 0]);

        var e = Assert.Throws<TextDataException>(() => Read(new TextFile(Path)));

        Assert.Contains("binary file: byte 7 is 0", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASurrogatePairAcrossBlocksIsNotDivided()
    {
        string text = string.Concat(Enumerable.Repeat("a𝄞", 50_000));
        Write(Encoding.UTF8.GetBytes(text));

        var read = new StringBuilder();
        int blocks = 0;
        foreach (ReadOnlyMemory<char> block in new TextFile(Path).ReadBlocks())
        {
            Assert.False(char.IsHighSurrogate(block.Span[^1]));
            read.Append(block.Span);
            blocks++;
        }

        Assert.True(blocks > 1);
        Assert.Equal(text, read.ToString());
    }

    [Fact]
    public void AnEmptyFileHasNothing()
    {
        Write([]);

        Assert.Empty(new TextFile(Path).ReadBlocks());
        Assert.Empty(new TextFile(Path).ReadLines());
    }

    [Fact]
    public void AFolderGivesItsTextFilesInOrder()
    {
        Directory.CreateDirectory(_folder["a"]);
        foreach (string name in new[] { "z.txt", "b.txt", "c.md", "a/x.txt" })
            File.WriteAllText(_folder[name], name);

        Assert.Equal([_folder["a/x.txt"], _folder["b.txt"], _folder["z.txt"]], TextFile.Find([_folder.Path], null).Select(f => f.Path));
        Assert.Equal([_folder["c.md"]], TextFile.Find([_folder["c.md"]], null).Select(f => f.Path));
    }

    [Fact]
    public void WhatIsNotThereIsNamed()
    {
        Directory.CreateDirectory(_folder["empty"]);

        Assert.Contains("does not exist", Assert.Throws<UsageException>(() => TextFile.Find([_folder["nothing"]], null)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no text files", Assert.Throws<UsageException>(() => TextFile.Find([_folder["empty"]], null)).Message,
            StringComparison.Ordinal);
        Assert.Contains("'klingon'", Assert.Throws<UsageException>(() => TextEncodings.Parse("klingon")).Message, StringComparison.Ordinal);
    }

    private string Path => _folder["file.txt"];

    private static string Read(TextFile file) => string.Concat(file.ReadBlocks().Select(block => block.ToString()));

    private void Write(byte[] bytes) => File.WriteAllBytes(Path, bytes);
}
