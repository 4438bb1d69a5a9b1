using System.Buffers.Binary;
using System.Text;
using RnnLm.Modeling;

namespace RnnLm.PyTorch;

/// <summary>
/// Writes a state_dict as a pickle of protocol 2, with the opcodes that <c>torch.load(weights_only=True)</c> takes. Each tensor has a
/// storage of its own, but for those that share one.
/// </summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>Writes the pickle.</summary>
    /// <param name="tensors">The names, the tensors and the keys of their storages.</param>
    public static byte[] Write(IEnumerable<(string Name, WeightTensor Tensor, string Key)> tensors)
    {
        var writer = new PickleWriter();
        writer.Op([0x80, 2]);
        writer.OrderedDictionary();
        writer.Op("("u8);
        foreach ((string name, WeightTensor tensor, string key) in tensors)
        {
            writer.Text(name);
            writer.Tensor(tensor, key);
        }

        writer.Op("u."u8);
        return [.. writer._bytes];
    }

    private void Tensor(WeightTensor tensor, string key)
    {
        Op("ctorch._utils\n_rebuild_tensor_v2\n(("u8);
        Text("storage");
        Op("ctorch\nFloatStorage\n"u8);
        Text(key);
        Text("cpu");
        Number(tensor.Values.Length);
        Op("tQ"u8);
        Number(0);
        Op("("u8);
        foreach (int length in tensor.Shape)
            Number(length);
        Op("t("u8);
        for (int i = 0; i < tensor.Shape.Length; i++)
            Number(tensor.Shape[(i + 1)..].Aggregate(1, (product, length) => product * length));
        // Neither a gradient nor hooks.
        Op([(byte)'t', 0x89]);
        OrderedDictionary();
        Op("tR"u8);
    }

    private void OrderedDictionary() => Op("ccollections\nOrderedDict\n)R"u8);

    private void Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Op("X"u8);
        Int32(bytes.Length);
        Op(bytes);
    }

    private void Number(int value)
    {
        Op("J"u8);
        Int32(value);
    }

    private void Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Op(bytes);
    }

    private void Op(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);
}
