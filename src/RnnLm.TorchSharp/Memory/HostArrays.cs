using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Memory;

/// <summary>Copies between arrays of .NET and tensors.</summary>
internal static class HostArrays
{
    /// <summary>Copies floats to a device.</summary>
    public static Tensor ToTensor(ReadOnlySpan<float> values, Device device, params long[] shape)
    {
        Tensor tensor = empty(shape, ScalarType.Float32, CPU);
        values[..(int)tensor.NumberOfElements].CopyTo(Floats(tensor));
        return tensor.to(device);
    }

    /// <summary>Copies ids to a device, as the 64-bit numbers that libtorch wants of indices.</summary>
    public static Tensor ToTensor(ReadOnlySpan<int> ids, Device device, params long[] shape)
    {
        Tensor tensor = empty(shape, ScalarType.Int64, CPU);
        Widen(ids, MemoryMarshal.Cast<byte, long>(tensor.bytes));
        return tensor.to(device);
    }

    public static void Widen(ReadOnlySpan<int> ids, Span<long> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = ids[i];
    }

    /// <summary>Returns the memory of a contiguous tensor of the CPU. The tensor must outlive the span.</summary>
    public static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>Copies indices of any device out.</summary>
    public static int[] ReadIds(Tensor tensor)
    {
        using Tensor ids = tensor.to(ScalarType.Int32, CPU);
        return MemoryMarshal.Cast<byte, int>(ids.bytes).ToArray();
    }

    /// <summary>Copies a tensor of any device and layout out.</summary>
    public static void Read(Tensor tensor, Span<float> destination) =>
        Floats(tensor.to(ScalarType.Float32, CPU).contiguous()).CopyTo(destination);
}
