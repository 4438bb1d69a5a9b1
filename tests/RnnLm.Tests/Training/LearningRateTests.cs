using RnnLm.Training;

namespace RnnLm.Tests.Training;

public class LearningRateTests
{
    [Fact]
    public void ConstantStays() => Assert.Equal(0.5, At(new() { LearningRate = 0.5 }, 7, 0.7));

    [Fact]
    public void WarmUpRisesToTheFullRate()
    {
        var options = new OptimizerOptions { LearningRate = 1, WarmupSteps = 4, Schedule = LearningRateSchedule.Cosine };

        Assert.Equal([0.25, 0.5, 0.75, 1],
            Enumerable.Range(0, 4).Select(step => LearningRate.At(options, step, 0, step / 104.0, 4 / 104.0)));
        Assert.Equal(1, LearningRate.At(options, 4, 0, 4 / 104.0, 4 / 104.0), 12);
        Assert.Equal(0.5, LearningRate.At(options, 54, 0, 54 / 104.0, 4 / 104.0), 12);
        Assert.Equal(0, LearningRate.At(options, 104, 0, 1, 4 / 104.0), 12);
    }

    [Fact]
    public void LinearAndCosineEndAtTheirFraction()
    {
        Assert.Equal(0.55, At(new() { LearningRate = 1, Schedule = LearningRateSchedule.Linear, FinalLearningRateFraction = 0.1 }, 50, 0.5),
            12);
        Assert.Equal(0.1, At(new() { LearningRate = 1, Schedule = LearningRateSchedule.Linear, FinalLearningRateFraction = 0.1 }, 100, 1),
            12);
        Assert.Equal(0.1, At(new() { LearningRate = 1, Schedule = LearningRateSchedule.Cosine, FinalLearningRateFraction = 0.1 }, 100, 1),
            12);
    }

    [Fact]
    public void StepDecayMultipliesAfterSoManyEpochs()
    {
        var options = new OptimizerOptions
        {
            LearningRate = 1,
            Schedule = LearningRateSchedule.StepDecay,
            DecayFactor = 0.5,
            DecayEpochs = 2
        };

        Assert.Equal([1, 1, 0.5, 0.5, 0.25], Enumerable.Range(0, 5).Select(epoch => LearningRate.At(options, 0, epoch, 0, 0)));
    }

    private static double At(OptimizerOptions options, long step, double fraction) => LearningRate.At(options, step, 0, fraction, 0);
}
