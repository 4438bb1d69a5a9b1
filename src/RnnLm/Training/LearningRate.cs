namespace RnnLm.Training;

/// <summary>The learning rate of a step, by the schedule.</summary>
internal static class LearningRate
{
    /// <param name="options">The schedule.</param>
    /// <param name="step">The number of updates done before.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="fraction">How much of the training is done, from 0 to 1.</param>
    /// <param name="warmupFraction">How much of the training the warm-up takes, where that is known; else 0.</param>
    public static double At(OptimizerOptions options, long step, long epoch, double fraction, double warmupFraction)
    {
        if (step < options.WarmupSteps)
            return options.LearningRate * (step + 1) / options.WarmupSteps;
        double progress = warmupFraction < 1 ? Math.Clamp((fraction - warmupFraction) / (1 - warmupFraction), 0, 1) : 1;
        double left = options.Schedule switch
        {
            LearningRateSchedule.StepDecay => Math.Pow(options.DecayFactor, epoch / options.DecayEpochs),
            LearningRateSchedule.Linear => Between(1 - progress),
            LearningRateSchedule.Cosine => Between(0.5 * (1 + Math.Cos(Math.PI * progress))),
            _ => 1,
        };
        return options.LearningRate * left;

        double Between(double share) => options.FinalLearningRateFraction + ((1 - options.FinalLearningRateFraction) * share);
    }
}
