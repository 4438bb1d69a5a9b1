namespace RnnLm.Managed.Training;

/// <summary>What each update rule remembers for each weight.</summary>
internal static class OptimizerMoments
{
    /// <summary>Returns PyTorch's names of it.</summary>
    public static string[] Names(OptimizerOptions options) => options.Kind switch
    {
        OptimizerKind.Sgd => options.Momentum > 0 ? ["momentum_buffer"] : [],
        OptimizerKind.Adagrad => ["sum"],
        OptimizerKind.RmsProp => options.Momentum > 0 ? ["square_avg", "momentum_buffer"] : ["square_avg"],
        _ => ["exp_avg", "exp_avg_sq"],
    };
}
