using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Modeling;

/// <summary>
/// Random numbers that are computed where a tensor is, from a key and each element's place: TorchSharp has generators of the CPU only, and
/// masks drawn there and copied to a GPU took more than half of a step (two layers of 512 units).
/// </summary>
internal static class HashedNumbers
{
    private const long Bits = 0xFFFFFFFF;

    /// <summary>Draws numbers from 0 to 2^32 - 1.</summary>
    /// <param name="count">How many.</param>
    /// <param name="key">What they are drawn by: another key, other numbers.</param>
    /// <param name="device">Where.</param>
    /// <returns>The numbers. // [count], 64-bit integers</returns>
    public static Tensor Draw(long count, ulong key, Device device)
    {
        Tensor numbers = Arithmetic.Numbers(count, device);
        Mix(numbers.Increase((long)(key & Bits)).bitwise_and_(tensor(Bits)));
        return Mix(numbers.bitwise_xor_(tensor((long)(key >> 32))));
    }

    /// <summary>Mixes the lower 32 bits of each number, one to one: the function lowbias32 of Chris Wellons' hash prospector
    /// (2018).</summary>
    private static Tensor Mix(Tensor numbers)
    {
        Fold(numbers, 16).MultiplyBy(0x7FEB352DL).bitwise_and_(tensor(Bits));
        Fold(numbers, 15).MultiplyBy(0x846CA68BL).bitwise_and_(tensor(Bits));
        return Fold(numbers, 16);
    }

    private static Tensor Fold(Tensor numbers, long shift) => numbers.bitwise_xor_(numbers.bitwise_right_shift(tensor(shift)));
}
