using System.Runtime.Intrinsics;
using RnnLm.Numerics;

namespace RnnLm.Benchmarks;

/// <summary>Picks the compiled form of a kernel for a width of vectors, in floats.</summary>
internal static class Width
{
    /// <summary>Makes an action by the vector type of a width.</summary>
    public static Action Choose(int lanes, IKernel kernel) => lanes switch
    {
        16 => kernel.Make<Simd512, Vector512<float>>(),
        8 => kernel.Make<Simd256, Vector256<float>>(),
        _ => kernel.Make<Simd128, Vector128<float>>(),
    };

    /// <summary>Returns numbers like those of a trained network.</summary>
    public static float[] Random(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) / 4)];
    }

    internal interface IKernel
    {
        Action Make<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged;
    }
}
