using System.IO.Compression;
using Microsoft.ML;

namespace RnnLm.MLNet.Tests;

/// <summary>What <c>Model.Load</c> makes of files that are not what they should be. ML.NET wraps what a loader throws, so the cause is
/// looked for within.</summary>
public sealed class BadFileTests : IDisposable
{
    private readonly MLContext _ml = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"rnnlm-{Guid.NewGuid():N}.zip");

    public BadFileTests()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        _ml.Model.Save(model, SmallModels.View(_ml, []).Schema, _path);
    }

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void ADamagedWeightIsFound()
    {
        Change("model.safetensors", bytes => bytes[^100] ^= 1);
        Assert.Contains("checksum", Fault(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void AChangedOptionIsFound()
    {
        Change("config.json", bytes => bytes.AsSpan().Replace((byte)'4', (byte)'5'));
        Assert.Contains("config.json", Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void ANewerFormatIsRefusedByName()
    {
        Change("config.json", bytes =>
        {
            int version = bytes.AsSpan().IndexOf("\"format_version\": 1"u8);
            bytes["\"format_version\": ".Length + version] = (byte)'9';
        });
        Assert.Contains("format version 9", Fault(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    public void AMissingEntryIsNamed(string entry)
    {
        using (ZipArchive zip = ZipFile.Open(_path, ZipArchiveMode.Update))
            zip.Entries.Single(e => e.Name == entry).Delete();
        Assert.Contains(entry, Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void AFileCutShortAndAForeignOneAreRefused()
    {
        byte[] whole = File.ReadAllBytes(_path);
        File.WriteAllBytes(_path, whole[..(whole.Length / 2)]);
        Assert.ThrowsAny<Exception>(() => _ml.Model.Load(_path, out _));
        File.WriteAllText(_path, "This is no zip.");
        Assert.ThrowsAny<Exception>(() => _ml.Model.Load(_path, out _));
    }

    [Fact]
    public void APathThatCannotBeWrittenIsAnError()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        string folder = Path.Combine(Path.GetTempPath(), $"not-there-{Guid.NewGuid():N}");
        Assert.ThrowsAny<IOException>(() => _ml.Model.Save(model, null, Path.Combine(folder, "model.zip")));
        Assert.ThrowsAny<IOException>(() => model.Model.Save(Path.Combine(folder, "model.zip")));
        Assert.False(Directory.Exists(folder));
    }

    /// <summary>Loads the file and returns what the innermost exception says, which must be a FormatException.</summary>
    private string Fault()
    {
        Exception e = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(_path, out _));
        while (e.InnerException is not null)
            e = e.InnerException;
        return Assert.IsType<FormatException>(e).Message;
    }

    private void Change(string name, Action<byte[]> change)
    {
        using ZipArchive zip = ZipFile.Open(_path, ZipArchiveMode.Update);
        ZipArchiveEntry entry = zip.Entries.Single(e => e.Name == name);
        string path = entry.FullName;
        byte[] bytes;
        using (var copy = new MemoryStream())
        {
            using (Stream stream = entry.Open())
                stream.CopyTo(copy);
            bytes = copy.ToArray();
        }

        change(bytes);
        entry.Delete();
        using Stream written = zip.CreateEntry(path).Open();
        written.Write(bytes);
    }
}
