using System.Runtime.Intrinsics;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>Starts training sessions at the widest vectors that the processor computes on at full speed.</summary>
internal static class ManagedTraining
{
    /// <summary>Starts a session.</summary>
    public static ITrainingSession Start(ModelConfig config, ModelWeights weights, TrainingSessionOptions options)
    {
        if (Vector512.IsHardwareAccelerated)
            return new ManagedTrainingSession<FloatVector<Simd512, Vector512<float>>>(config, weights, options);
        if (Vector256.IsHardwareAccelerated)
            return new ManagedTrainingSession<FloatVector<Simd256, Vector256<float>>>(config, weights, options);
        return new ManagedTrainingSession<FloatVector<Simd128, Vector128<float>>>(config, weights, options);
    }
}
