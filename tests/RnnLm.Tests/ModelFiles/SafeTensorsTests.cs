using System.Buffers.Binary;
using System.Text;
using RnnLm.Modeling;
using RnnLm.SafeTensors;

namespace RnnLm.Tests;

public sealed class SafeTensorsTests
{
    [Fact]
    public void TensorsMetadataAndBytesComeBack()
    {
        WeightTensor[] tensors = Tensors();
        byte[] file = Write(tensors, new() { ["a"] = "é \"b\"" }, new() { ["raw"] = [9, 8, 7] });

        using var reader = new SafeTensorsReader(new MemoryStream(file), file.Length);

        Assert.True(reader.HasChecksum);
        Assert.Equal("é \"b\"", reader.Metadata["a"]);
        Assert.Equal(["matrix", "empty", "number", "raw"], reader.Tensors.Select(t => t.Name));
        var read = new List<WeightTensor>();
        foreach (TensorInfo info in reader.Tensors.SkipLast(1))
        {
            var tensor = new WeightTensor(info.Name, info.Shape);
            reader.Read(info, tensor.Values);
            read.Add(tensor);
        }

        Assert.Equal([9, 8, 7], reader.ReadBytes(reader.Tensors[^1]));
        reader.Complete();
        TestModels.AssertEqual(tensors, read);
    }

    [Fact]
    public void TheLayoutIsThatOfTheFormat()
    {
        byte[] file = Write([new WeightTensor("w", 2)], [], []);

        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        string header = Encoding.UTF8.GetString(file, 8, length);
        Assert.StartsWith("{\"__metadata__\":{\"sha256\":\"", header, StringComparison.Ordinal);
        Assert.Contains("\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}", header, StringComparison.Ordinal);
        Assert.Equal(0, length % 8);
        Assert.Equal(file.Length, 8 + length + 8);
    }

    [Fact]
    public void MoreThanOneBlockComesBack()
    {
        var tensor = new WeightTensor("w", 50_001);
        for (int i = 0; i < tensor.Values.Length; i++)
            tensor.Values[i] = i;
        byte[] file = Write([tensor], [], []);

        Assert.Equal(tensor.Values, ReadFirst(file));
    }

    [Theory]
    [InlineData("F16", new byte[] { 0x00, 0x3E, 0x00, 0xC0 })]
    [InlineData("BF16", new byte[] { 0xC0, 0x3F, 0x00, 0xC0 })]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 })]
    [InlineData("F32", new byte[] { 0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0 })]
    public void OtherFloatingPointTypesAreRead(string type, byte[] data)
    {
        byte[] file = File($$$"""{"w":{"dtype":"{{{type}}}","shape":[2],"data_offsets":[0,{{{data.Length}}}]}}""", data);

        Assert.Equal([1.5f, -2f], ReadFirst(file));
    }

    [Fact]
    public void AFileOfAnotherProgramNeedsNoChecksum()
    {
        byte[] file = File("""{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"__metadata__":{"format":"pt"}}  """, [0, 0, 128, 63]);

        using var reader = new SafeTensorsReader(new MemoryStream(file), file.Length);

        Assert.False(reader.HasChecksum);
        Assert.Equal([1f], ReadFirst(file));
    }

    [Theory]
    [InlineData("""[]""", 0, "StartObject")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", 4, "breaks off|JSON")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x""", 4, "JSON")]
    [InlineData("""{"w":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""", 4, "type 'I32'")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1]}}""", 4, "lacks")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "lacks")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", 4, "'x'")]
    [InlineData("""{"w":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "twice")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"w":{"dtype":"F32","shape":[9999999999999999999],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"w":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "list of numbers")]
    [InlineData("""{"w":{"dtype":"F32","shape":[3000000000,3000000000,3],"data_offsets":[0,4]}}""", 4, "too large")]
    [InlineData("""{"w":{"dtype":"F32","shape":[0,4611686018427387904],"data_offsets":[0,0]}}""", 0, "too large")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", 4, "up to 8")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8 bytes")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "begins at byte 4")]
    [InlineData("""{"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        "begins at byte 4")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "cut short")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "something was added")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        "two alike")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "Number where String")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "two entries")]
    [InlineData("""{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "0 characters")]
    public void AHostileHeaderIsRefusedWithItsFault(string header, int dataLength, string fault)
    {
        byte[] file = File(header, new byte[dataLength]);

        var e = Assert.Throws<FormatException>(() => new SafeTensorsReader(new MemoryStream(file), file.Length));

        Assert.Matches(fault, e.Message);
    }

    [Fact]
    public void TensorsThatTakeMoreThanThereIsAreRefusedBeforeAnyIsAllocated()
    {
        byte[] file = File("""{"w":{"dtype":"F32","shape":[65536,16384],"data_offsets":[0,4294967296]}}""", []);
        using var memory = new PlayedMemory((4L << 30) - 1);
        long before = GC.GetAllocatedBytesForCurrentThread();

        var e = Assert.Throws<MemoryLimitException>(() => new SafeTensorsReader(new MemoryStream(file), file.Length + (4L << 30)));

        Assert.Contains("take about 4.0 GiB of memory, but of the 4.0 GiB", e.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void AHeaderLongerThanTheFileIsRefusedBeforeItIsAllocated()
    {
        foreach (ulong length in new[] { 0UL, 1UL, 200UL, 1UL << 40, ulong.MaxValue })
        {
            byte[] file = new byte[100];
            BinaryPrimitives.WriteUInt64LittleEndian(file, length);
            var e = Assert.Throws<FormatException>(() => new SafeTensorsReader(new MemoryStream(file), file.Length));
            Assert.Contains($"{length} bytes", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void CutAnywhereItIsRefused()
    {
        byte[] file = Write(Tensors(), [], []);
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<FormatException>(() => ReadAll(file[..length], length));
    }

    [Fact]
    public void CutAnywhereBehindTheBackOfTheLengthItIsRefused()
    {
        byte[] file = Write(Tensors(), [], []);
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<FormatException>(() => ReadAll(file[..length], file.Length));
    }

    [Fact]
    public void ChangedAnywhereItIsRefusedOrLosesItsChecksum()
    {
        byte[] file = Write(Tensors(), new() { ["k"] = "v" }, []);
        for (int i = 0; i < file.Length; i++)
        {
            byte[] changed = [.. file];
            changed[i] ^= 0x04;
            using var reader = Try(() => new SafeTensorsReader(new MemoryStream(changed), changed.Length));
            if (reader is { HasChecksum: true })
                Assert.Throws<FormatException>(() => ReadAll(changed, changed.Length));
        }
    }

    private static WeightTensor[] Tensors()
    {
        var matrix = new WeightTensor("matrix", 2, 3);
        new[] { 1f, -0f, float.MaxValue, float.Epsilon, float.NaN, float.NegativeInfinity }.CopyTo(matrix.Values, 0);
        var number = new WeightTensor("number");
        number.Values[0] = 42;
        return [matrix, new WeightTensor("empty", 0, 4), number];
    }

    private static byte[] Write(WeightTensor[] tensors, Dictionary<string, string> metadata, Dictionary<string, byte[]> bytes)
    {
        var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream, tensors, metadata, bytes);
        return stream.ToArray();
    }

    private static byte[] File(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }

    private static float[] ReadFirst(byte[] file)
    {
        using var reader = new SafeTensorsReader(new MemoryStream(file), file.Length);
        float[] values = new float[reader.Tensors[0].Count];
        reader.Read(reader.Tensors[0], values);
        reader.Complete();
        return values;
    }

    private static void ReadAll(byte[] file, long length)
    {
        using var reader = new SafeTensorsReader(new MemoryStream(file), length);
        foreach (TensorInfo tensor in reader.Tensors)
            reader.Read(tensor, new float[tensor.Count]);
        reader.Complete();
    }

    private static T? Try<T>(Func<T> make) where T : class
    {
        try
        {
            return make();
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
