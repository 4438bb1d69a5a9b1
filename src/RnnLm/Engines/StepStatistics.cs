namespace RnnLm.Engines;

/// <summary>What came of one update of the weights.</summary>
/// <param name="Loss">The mean loss in nats for each target.</param>
/// <param name="Targets">The number of targets that the mean is over.</param>
/// <param name="GradientNorm">The norm of all gradients together, before clipping by norm.</param>
internal readonly record struct StepStatistics(double Loss, long Targets, double GradientNorm);
