namespace RnnLm;

/// <summary>How the learning rate moves over training.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It is multiplied by <see cref="OptimizerOptions.DecayFactor"/> after every <see cref="OptimizerOptions.DecayEpochs"/>
    /// epochs.</summary>
    StepDecay,

    /// <summary>It falls in a straight line to <see cref="OptimizerOptions.FinalLearningRateFraction"/> of itself.</summary>
    Linear,

    /// <summary>It falls along half a cosine to <see cref="OptimizerOptions.FinalLearningRateFraction"/> of itself (Loshchilov and Hutter,
    /// 2017, without restarts).</summary>
    Cosine,
}
