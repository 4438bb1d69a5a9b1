using System.Buffers.Binary;

namespace RnnLm.PyTorch;

/// <summary>A type of the numbers in a storage, by the name of PyTorch's class.</summary>
/// <param name="Name">The name, such as <c>FloatStorage</c>.</param>
/// <param name="Size">The number of bytes of one.</param>
internal sealed record TorchType(string Name, int Size) : TorchGlobal
{
    /// <summary>Gets whether the numbers are floating-point numbers, which weights are.</summary>
    public bool IsFloatingPoint => Name is "FloatStorage" or "DoubleStorage" or "HalfStorage" or "BFloat16Storage";

    /// <summary>Reads a number.</summary>
    public float Read(ReadOnlySpan<byte> bytes) => Name switch
    {
        "FloatStorage" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        "DoubleStorage" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        "HalfStorage" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        // bfloat16 is the upper half of a float.
        "BFloat16Storage" => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        _ => throw new InvalidOperationException($"{Name} holds no floating-point numbers."),
    };
}
