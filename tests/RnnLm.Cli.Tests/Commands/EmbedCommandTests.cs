using System.Text;
using System.Text.Json;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>Vectors on the command line are those of the library, in every format.</summary>
public sealed class EmbedCommandTests(ReportModels models) : IClassFixture<ReportModels>, IDisposable
{
    private static readonly string[] Texts = ["the cat", "", "a dog on the log", "ü"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Pooling.Last)]
    [InlineData(Pooling.Mean)]
    [InlineData(Pooling.Max)]
    public void VectorsAreThoseOfTheLibraryInEveryFormat(Pooling pooling)
    {
        File.WriteAllLines(_folder["t.txt"], Texts);
        using RnnLanguageModel model = RnnLanguageModel.Load(models.Song);
        float[] expected = [.. Texts.SelectMany(text => model.Encode(text, pooling))];
        string[] ask = ["embed", models.Song, _folder["t.txt"], "--pooling", pooling.ToString().ToLowerInvariant()];

        JsonElement[] rows = [.. CliRun.Ok(ask).Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(Texts, rows.Select(row => row.GetProperty("text").GetString()));
        Assert.Equal(expected, rows.SelectMany(row => row.GetProperty("embedding").EnumerateArray()).Select(value => value.GetSingle()));

        CliRun.Ok([.. ask, "-o", _folder["m.npy"]]);
        CliRun.Ok([.. ask, "-o", _folder["m.safetensors"]]);
        byte[] npy = File.ReadAllBytes(_folder["m.npy"]), tensors = File.ReadAllBytes(_folder["m.safetensors"]);
        // The layouts are those of NumPy's format 1.0 and of safetensors, read here byte by byte.
        Assert.Equal([0x93, .. "NUMPY\u0001\0"u8], npy[..8]);
        int header = 10 + BitConverter.ToUInt16(npy, 8);
        Assert.Equal(0, header % 64);
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 16), }", Encoding.ASCII.GetString(npy[10..header]).Trim());
        Assert.Equal(expected, Floats(npy[header..]));
        int length = (int)BitConverter.ToInt64(tensors, 0);
        Assert.Equal(0, length % 8);
        Assert.Equal("""{"embedding":{"dtype":"F32","shape":[4,16],"data_offsets":[0,256]}}""",
            Encoding.ASCII.GetString(tensors[8..(8 + length)]).TrimEnd());
        Assert.Equal(expected, Floats(tensors[(8 + length)..]));
    }

    [Theory]
    [InlineData("a matrix begins with the number of its rows, so it needs a file", "embed", "--output-format", "npy")]
    [InlineData("vectors can't be written as lines of text", "embed", "--output-format", "text")]
    [InlineData("a matrix (*.npy, *.safetensors) holds vectors, which rnnlm embed makes", "score", "--output-format", "npy")]
    public void AFormatThatDoesNotFitIsRefused(string fault, string command, params string[] arguments)
    {
        CliRun run = CliRun.Of([command, models.Song, "-t", "the", .. arguments]);
        Assert.Equal(2, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    private static float[] Floats(byte[] bytes) => [.. bytes.Chunk(4).Select(chunk => BitConverter.ToSingle(chunk))];
}
